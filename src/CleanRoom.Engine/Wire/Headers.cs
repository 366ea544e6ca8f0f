using System.Collections.Immutable;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Sandbox;

namespace CleanRoom.Engine.Wire;

/// <summary>Header of <see cref="FrameKind.Parse"/>.</summary>
internal sealed record ParseHeader
{
    public required long MemoryBytes { get; init; }
}

/// <summary>Header of <see cref="FrameKind.Bind"/>.</summary>
internal sealed record BindHeader
{
    public required long MemoryBytes { get; init; }

    /// <summary>Gets the number of payload bytes that are the DDL; the SQL is the rest.</summary>
    public required int DdlBytes { get; init; }
}

/// <summary>Header of <see cref="FrameKind.Inputs"/>.</summary>
internal sealed record InputsHeader
{
    /// <summary>Gets the number of descriptors that ride on the frame.</summary>
    public required int Count { get; init; }
}

/// <summary>Header of <see cref="FrameKind.Run"/>.</summary>
internal sealed record RunHeader
{
    public required long MemoryBytes { get; init; }

    public required int Threads { get; init; }

    public required int MaxOutputBytes { get; init; }

    /// <summary>Gets, for each relation, the number of its files; the descriptors are in the same order.</summary>
    public required ImmutableArray<int> FilesPerRelation { get; init; }
}

/// <summary>Header of <see cref="FrameKind.Ready"/>.</summary>
internal sealed record ReadyHeader
{
    /// <summary>Gets the version of these frames; node and engine are of one build, so any other is refused.</summary>
    public required int Version { get; init; }

    /// <summary>Gets the layers as the engine measured them, before it read any request.</summary>
    public required ImmutableArray<SandboxLayerState> Layers { get; init; }

    /// <summary>Gets the name of the engine's network namespace, <c>net:[inode]</c>.</summary>
    public required string NetworkNamespace { get; init; }
}

/// <summary>Header of <see cref="FrameKind.Text"/>: empty.</summary>
internal sealed record TextHeader;

/// <summary>Header of <see cref="FrameKind.Result"/>: empty.</summary>
internal sealed record ResultHeader;

/// <summary>Header of <see cref="FrameKind.Failed"/>.</summary>
internal sealed record FailedHeader
{
    public required EngineFailureKind Kind { get; init; }
}

/// <summary>Header of <see cref="FrameKind.Progress"/>.</summary>
internal sealed record ProgressHeader
{
    /// <summary>Gets the part done, 0 to 10,000.</summary>
    public required int BasisPoints { get; init; }
}
