namespace CleanRoom.Policy.Plans;

/// <summary>What joins connect.</summary>
internal static class JoinedColumns
{
    /// <summary>Returns where a walk along joins comes to, its beginnings among it.</summary>
    /// <typeparam name="T">A place: an occurrence, or a column of one.</typeparam>
    /// <param name="from">Where it begins.</param>
    /// <param name="joins">The conditions that may be walked along, in both directions.</param>
    /// <param name="place">The place that a side of a condition stands at.</param>
    public static HashSet<T> Reached<T>(IEnumerable<T> from, IReadOnlyCollection<PlanJoin> joins, Func<PlanColumn, T> place)
    {
        HashSet<T> reached = [.. from];
        while (joins.FirstOrDefault(join => reached.Contains(place(join.Left)) != reached.Contains(place(join.Right))) is { } next)
        {
            reached.Add(place(next.Left));
            reached.Add(place(next.Right));
        }

        return reached;
    }

    /// <summary>Returns the unit column of an occurrence, and every column that joins make equal to it in each row of the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="table">An occurrence with a unit column.</param>
    public static HashSet<(int Table, string Name)> EqualToUnit(QueryPlan plan, int table) =>
        Reached([(table, plan.Tables[table].Unit!.Column)], plan.Joins, Key);

    /// <summary>Returns what tells a column of a plan from others.</summary>
    public static (int Table, string Name) Key(PlanColumn column) => (column.Table, column.Name);
}
