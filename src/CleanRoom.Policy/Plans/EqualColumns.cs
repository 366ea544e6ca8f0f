namespace CleanRoom.Policy.Plans;

/// <summary>Columns that a plan's joins make equal in every row.</summary>
internal static class EqualColumns
{
    /// <summary>Returns the unit column of an occurrence, and every column that has its value in each row of the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="table">An occurrence with a unit column.</param>
    public static HashSet<(int Table, string Name)> OfUnit(QueryPlan plan, int table)
    {
        HashSet<(int Table, string Name)> equal = [(table, plan.Tables[table].Unit!.Column)];
        while (plan.Joins.FirstOrDefault(join => equal.Contains(Key(join.Left)) != equal.Contains(Key(join.Right))) is { } join)
        {
            equal.Add(Key(join.Left));
            equal.Add(Key(join.Right));
        }

        return equal;
    }

    /// <summary>Returns what tells a column of a plan from others.</summary>
    public static (int Table, string Name) Key(PlanColumn column) => (column.Table, column.Name);
}
