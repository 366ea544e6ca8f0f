using System.Diagnostics.CodeAnalysis;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Plans;

/// <summary>What rows are grouped by.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
public abstract record GroupKey
{
    private GroupKey(PlanColumn column) => Column = column;

    /// <summary>Gets the base column.</summary>
    public PlanColumn Column { get; }

    /// <summary>Gets the type of the key in the answer.</summary>
    public abstract CellType CellType { get; }

    /// <summary>The column as it is.</summary>
    public sealed record Whole(PlanColumn Source) : GroupKey(Source)
    {
        /// <inheritdoc/>
        public override CellType CellType => new(Source.Type, Source.Scale);
    }

    /// <summary>The beginning of the period that holds the column's value.</summary>
    public sealed record Truncated(PlanColumn Source, TimeGrain Grain) : GroupKey(Source)
    {
        /// <inheritdoc/>
        public override CellType CellType => new(ColumnType.Timestamp, 0);
    }

    /// <summary>The integer column divided by the width, without remainder (towards zero), times the width.</summary>
    public sealed record Band(PlanColumn Source, long Width) : GroupKey(Source)
    {
        /// <inheritdoc/>
        public override CellType CellType => new(Source.Type, 0);
    }

    /// <summary>The integer column divided by the width, without remainder (towards zero): the number of its band.</summary>
    public sealed record BandNumber(PlanColumn Source, long Width) : GroupKey(Source)
    {
        /// <inheritdoc/>
        public override CellType CellType => new(Source.Type, 0);
    }

    /// <summary>A number of the calendar, such as the year.</summary>
    public sealed record Part(PlanColumn Source, DatePart Of) : GroupKey(Source)
    {
        /// <inheritdoc/>
        public override CellType CellType => CellType.Count;
    }
}

/// <summary>A number of the calendar. All but the year come again, and are classes of several periods.</summary>
public enum DatePart
{
    Year = 1,
    Quarter = 2,
    Month = 3,

    /// <summary>1 for Monday to 7 for Sunday.</summary>
    IsoDow = 4,
}

/// <summary>A period of the calendar; weeks begin on Monday.</summary>
public enum TimeGrain
{
    Day = 1,
    Week = 2,
    Month = 3,
    Quarter = 4,
    Year = 5,
}
