using System.Collections.Immutable;

namespace CleanRoom.Policy.Generation;

/// <summary>The relation of a dataset that is read in several parts.</summary>
public static class JoinedParts
{
    /// <summary>Returns the rows of all parts, by the names of their columns: files of one dataset need not have the same columns, nor in the same order.</summary>
    /// <param name="parts">The relations of the parts, at least one. Trust: trusted, they are put into SQL as they are.</param>
    /// <param name="columns">The columns that the SQL references: <see cref="PlanColumns"/>.</param>
    public static string Relation(ImmutableArray<string> parts, ImmutableSortedSet<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var names = columns.IsEmpty ? "NULL" : string.Join(", ", columns.Select(SqlName.Identifier));
        return parts is [var only] ? only : $"({string.Join(" UNION ALL ", parts.Select(part => $"SELECT {names} FROM {part}"))})";
    }
}
