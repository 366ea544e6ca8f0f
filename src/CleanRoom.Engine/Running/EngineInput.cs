using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Engine.Memory;

namespace CleanRoom.Engine.Running;

/// <summary>One relation of a generated query: the Parquet files that hold its rows.</summary>
/// <param name="Files">One file or more with the same schema; the caller keeps them until the run has ended.</param>
public sealed record EngineInput(ImmutableArray<AnonymousFile> Files)
{
    /// <summary>The most files of all inputs of a run: as many as the datasets of a plan have partitions.</summary>
    public const int MaxFiles = 1_024;

    /// <summary>Returns the name by which generated SQL selects from the input at a position: <c>engine_input_0</c>, ...</summary>
    public static string ViewName(int position) => string.Create(CultureInfo.InvariantCulture, $"engine_input_{position}");
}
