using CleanRoom.Protocol;

namespace CleanRoom.Node.Sessions;

/// <summary>A member that has signed in, in channels against one binding.</summary>
internal sealed record Session(string Collaboration, string Collaborator, string Member, Digest BindingDigest, DateTimeOffset Expires);
