using System.Collections.Immutable;

namespace CleanRoom.Engine.Sandbox;

/// <summary>One measure that keeps an engine process from more than its own query.</summary>
public enum SandboxLayer
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>DuckDB runs in a process of its own, without keys.</summary>
    SeparateProcess = 1,

    /// <summary>The environment holds the runtime's own settings only.</summary>
    ClearedEnvironment = 2,

    /// <summary>Nothing that the node has open was inherited.</summary>
    NoInheritedDescriptors = 3,

    /// <summary>No program that it starts can gain privileges.</summary>
    NoNewPrivileges = 4,

    /// <summary>It holds no capability, even as root.</summary>
    NoCapabilities = 5,

    /// <summary>No core dump, and no tracing by processes of the same user.</summary>
    NotDumpable = 6,

    /// <summary>The kernel kills it when the node ends.</summary>
    DiesWithNode = 7,

    /// <summary>It cannot write a file, dump core, or open more than a few hundred files.</summary>
    ResourceLimits = 8,

    /// <summary>The kernel refuses memory beyond the query's limit.</summary>
    MemoryCeiling = 9,

    /// <summary>It has a network namespace of its own with no interface up.</summary>
    NetworkNamespace = 10,

    /// <summary>The file system is closed to it.</summary>
    Landlock = 11,

    /// <summary>Only the system calls that it needs are left.</summary>
    SystemCallFilter = 12,

    /// <summary>It cannot start a process that outlives it.</summary>
    NoDescendants = 13,

    /// <summary>It cannot read the node's memory.</summary>
    NodeMemory = 14,

    /// <summary>The kernel counts all its memory and threads, and kills it beyond them.</summary>
    ControlGroup = 15,
}

/// <summary>Whether a layer is active, and what was measured.</summary>
public sealed record SandboxLayerState
{
    public required SandboxLayer Layer { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Gets what was found, in words; no data.</summary>
    public required string Detail { get; init; }
}

/// <summary>Which layers held an engine process, measured inside it before it read any request.</summary>
/// <param name="Layers">Every layer once.</param>
public sealed record SandboxReport(ImmutableArray<SandboxLayerState> Layers)
{
    /// <summary>Says whether a layer is active; a layer that is not in the report is not.</summary>
    public bool IsActive(SandboxLayer layer) => Layers.Any(state => state.Layer == layer && state.IsActive);
}
