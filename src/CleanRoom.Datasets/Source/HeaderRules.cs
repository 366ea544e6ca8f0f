using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source;

/// <summary>What holds for the column names of every format.</summary>
internal static class HeaderRules
{
    /// <summary>Returns the first thing wrong with the names; null when they are usable.</summary>
    public static DatasetProblem? Check(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return DatasetProblem.OfFile(ProblemKind.HeaderMissing, "a header with column names", "an empty file");
        }

        if (names.Count > DatasetLimits.Columns)
        {
            return DatasetProblem.OfFile(
                ProblemKind.TooManyColumns, $"at most {DatasetLimits.Columns} columns", $"{names.Count} columns");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]))
            {
                return DatasetProblem.OfRow(ProblemKind.HeaderBlank, 0, "a name for every column", $"no name for column {i + 1}");
            }

            if (!seen.Add(names[i]))
            {
                return new DatasetProblem
                {
                    Kind = ProblemKind.HeaderDuplicate,
                    Row = 0,
                    Column = names[i],
                    Wanted = "every column name once",
                    Got = $"the name again as column {i + 1}",
                };
            }
        }

        return null;
    }
}
