using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>A request that opened, before it is checked for replay.</summary>
internal sealed record ReceivedRequest(UInt128 Id, Timestamp Time, ChannelRequest Request);
