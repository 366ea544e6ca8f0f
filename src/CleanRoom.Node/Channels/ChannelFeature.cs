using CleanRoom.Protocol;

namespace CleanRoom.Node.Channels;

/// <summary>Set on a request that came through the confidential channel; endpoints inside the channel refuse requests without it.</summary>
/// <param name="BindingDigest">The attestation that the caller appraised before it asked.</param>
/// <param name="Authorization">The session token; empty when there is none.</param>
/// <param name="Body">The inner body as it came.</param>
internal sealed record ChannelFeature(Digest BindingDigest, string Authorization, ReadOnlyMemory<byte> Body);
