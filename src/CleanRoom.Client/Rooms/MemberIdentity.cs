using CleanRoom.Cryptography.Keys;

namespace CleanRoom.Client.Rooms;

/// <summary>Who this client acts for.</summary>
/// <param name="Collaborator">The collaborator's id.</param>
/// <param name="Member">The member's name in it.</param>
/// <param name="Keys">The member's keys; the caller disposes them.</param>
public sealed record MemberIdentity(string Collaborator, string Member, MemberKeys Keys)
{
    /// <summary>Gets <c>collaborator/member</c>.</summary>
    public string Name => $"{Collaborator}/{Member}";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
