using System.Collections.Immutable;

namespace CleanRoom.Engine.Running;

/// <summary>What one query may use.</summary>
public sealed record EngineLimits
{
    /// <summary>Gets the memory of the query.</summary>
    /// <value>Bytes, from 16 MiB. The kernel refuses more than this and a fixed slack for the runtime.</value>
    public required long MemoryBytes { get; init; }

    /// <summary>Gets the time from dispatch to the last byte of the answer; the process is killed then.</summary>
    public required TimeSpan WallClock { get; init; }

    /// <summary>Gets the most bytes of the encoded rows.</summary>
    /// <value>From 1 to 256 MiB.</value>
    public required int MaxOutputBytes { get; init; }

    /// <summary>Gets DuckDB's threads.</summary>
    /// <value>1 to 256.</value>
    public required int Threads { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void ThrowIfInvalid()
    {
        const long minMemory = 16L * 1_048_576;
        const int maxOutput = 256 * 1_048_576;
        const int maxThreads = 256;
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBytes, minMemory);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WallClock, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxOutputBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxOutputBytes, maxOutput);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, maxThreads);
    }
}

/// <summary>One generated query and what it reads.</summary>
public sealed record EngineJob
{
    /// <summary>Gets the generated SQL; its relations are <see cref="EngineInput.ViewName"/>. Never an analyst's text.</summary>
    public required string Sql { get; init; }

    /// <summary>Gets the relations, by position.</summary>
    public required ImmutableArray<EngineInput> Inputs { get; init; }

    public required EngineLimits Limits { get; init; }
}
