using System.Text.Json.Serialization;

namespace CleanRoom.Datasets.Problems;

/// <summary>One thing that is wrong with a dataset, and where. For the dataset's owner only.</summary>
/// <remarks>Holds no cell value, unless the owner asked for values on its own machine.</remarks>
public sealed record DatasetProblem
{
    public required ProblemKind Kind { get; init; }

    /// <summary>Gets the row: 1 is the first record after the header, 0 the header; null where it is the whole file.</summary>
    public required long? Row { get; init; }

    /// <summary>Gets the column's name; null where it is not one column.</summary>
    public required string? Column { get; init; }

    /// <summary>Gets the rule, in lower case.</summary>
    public required string Wanted { get; init; }

    /// <summary>Gets what was found, in lower case and without the value.</summary>
    public required string Got { get; init; }

    /// <summary>Gets the smallest change that mends it, in lower case.</summary>
    public string Fix => ProblemFixes.Of(Kind);

    /// <summary>Gets the value, at most 64 characters; absent unless the owner asked for values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }

    /// <summary>Makes a problem of the whole file.</summary>
    internal static DatasetProblem OfFile(ProblemKind kind, string wanted, string got) =>
        new() { Kind = kind, Row = null, Column = null, Wanted = wanted, Got = got };

    /// <summary>Makes a problem of one record.</summary>
    internal static DatasetProblem OfRow(ProblemKind kind, long row, string wanted, string got) =>
        new() { Kind = kind, Row = row, Column = null, Wanted = wanted, Got = got };

    /// <summary>Makes a problem of one column.</summary>
    internal static DatasetProblem OfColumn(ProblemKind kind, string column, string wanted, string got) =>
        new() { Kind = kind, Row = null, Column = column, Wanted = wanted, Got = got };

    /// <inheritdoc/>
    public override string ToString()
    {
        var where = (Row, Column) switch
        {
            (null, null) => "file",
            (null, var column) => $"column {column}",
            (0, _) => "header",
            (var row, null) => $"row {row}",
            var (row, column) => $"row {row}, column {column}",
        };
        return $"{where}: wanted {Wanted}; got {Got}; {Fix}";
    }
}
