using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Plans;

/// <summary>One occurrence of a dataset in a query. A dataset joined with itself occurs twice.</summary>
/// <param name="Dataset">The dataset's SQL name.</param>
/// <param name="Owner">The owner's id.</param>
/// <param name="Unit">Who is protected; null when the rows protect nobody.</param>
/// <param name="MinUnits">The least number of distinct units in every released row; 0 when this occurrence protects nobody from the audience.</param>
public sealed record PlanTable(string Dataset, string Owner, PlanUnit? Unit, int MinUnits)
{
    /// <summary>Gets a value that says whether rows with too few units are withheld.</summary>
    public bool IsProtected => MinUnits > 0;
}

/// <summary>The column that names the protected person.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Domain">The unit domain; all datasets of one domain share history and budget.</param>
public sealed record PlanUnit(string Column, ColumnType Type, string Domain);

/// <summary>A column of one occurrence of a dataset.</summary>
/// <param name="Table">Index into <see cref="QueryPlan.Tables"/>.</param>
/// <param name="Name">The column's name in the contract.</param>
/// <param name="Type">Its type.</param>
/// <param name="Scale">Digits after the point; 0 unless decimal.</param>
public sealed record PlanColumn(int Table, string Name, ColumnType Type, int Scale);

/// <summary>An inner equi-join condition. All conditions hold together.</summary>
public sealed record PlanJoin(PlanColumn Left, PlanColumn Right);
