using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Keys;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Partitions;

/// <summary>What running a partition needs from its silo.</summary>
public sealed record PartitionServices(
    CollaborationKeyring Keyring,
    IObjectStore Objects,
    EngineRunner Engine,
    AnonymousFilePool Memory,
    KeptColumns Kept,
    RunLimits Limits,
    RunTurns Turns);
