using System.Globalization;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Verdicts;

/// <summary>The sentences for rules that an owner wrote into its dataset's policy.</summary>
/// <remarks>Functions of text and contract alone. Spec: contracts/spec/0008 s.4.</remarks>
internal static class OwnerRules
{
    private const int MaxNameLength = 40;

    /// <summary>The column lacks a capability.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="column">The column.</param>
    /// <param name="context"><c>GROUP</c>, <c>FILTER</c>, <c>JOIN</c>, <c>AGG</c> or <c>LIST</c>.</param>
    public static Finding Context(Dataset dataset, string column, string context)
    {
        var (verb, uses) = context switch
        {
            "GROUP" => ("grouped by", ColumnUse.Group),
            "FILTER" => ("filtered by", ColumnUse.Filter),
            "JOIN" => ("joined on", ColumnUse.Join),
            "LIST" => ("listed", ColumnUse.List),
            _ => ("aggregated this way", ColumnUse.Sum),
        };
        var alternatives = context == "AGG" ? [] : dataset.Policy.Columns
            .Where(entry => entry.Value.Uses.Contains(uses))
            .Select(entry => entry.Key)
            .ToList();
        var change = alternatives.Count == 0
            ? $"do not use {column} here"
            : $"do not use {column} here; {dataset.SqlName} may be {verb} {string.Join(", ", alternatives)}";
        return new(
            $"{VerdictCodes.Context}:{column}:{context}", dataset.Owner, $"{dataset.SqlName}.{column} may not be {verb}", change);
    }

    public static Finding Grain(Dataset dataset, string column, string grain, string what, string change) => new(
        VerdictCodes.Grain, dataset.Owner, $"{dataset.SqlName}.{column} is used on a grain of {grain}: {what}", change);

    public static Finding ForeignFactor(Dataset dataset, string column, string function) => new(
        VerdictCodes.AggArg,
        dataset.Owner,
        $"{dataset.SqlName}.{column} is multiplied with a column of another owner, who could choose it so as to read single values",
        $"use columns of one owner in {PlainText.Of(function, MaxNameLength)}");

    public static Finding UnboundedMoment(Dataset dataset, string column, string function) => new(
        VerdictCodes.AggArg,
        dataset.Owner,
        $"sums of products of {dataset.SqlName}.{column} could have more than 37 digits within its declared bounds",
        $"leave out {PlainText.Of(function, MaxNameLength)}, or ask {dataset.Owner} for narrower bounds in the contract");

    public static Finding JoinColumn(Dataset dataset, string column) => new(
        VerdictCodes.Join, dataset.Owner, $"{dataset.SqlName}.{column} may not be joined on", $"join on a column of {dataset.SqlName} that may be joined on");

    public static Finding JoinWith(Dataset dataset, Dataset other) => new(
        VerdictCodes.Join,
        dataset.Owner,
        $"{dataset.SqlName} may not be joined with datasets of {other.Owner}",
        $"leave out {other.SqlName}, or ask {dataset.Owner} to allow the join in the contract");

    public static Finding JoinRequired(Dataset dataset, string who) => new(
        VerdictCodes.JoinRequired,
        dataset.Owner,
        $"{dataset.SqlName} is only read together with a dataset of {who}",
        $"join a dataset of {who}");

    public static Finding Fanout(Dataset dataset, long product) => new(
        VerdictCodes.Fanout,
        dataset.Owner,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{dataset.SqlName} allows {dataset.Policy.Join.MaxFanout} joined rows per person; these tables can make {product}"),
        "join fewer tables with several rows per person");

    public static Finding ProfileMismatch(Dataset dataset, string column, string wanted, string got) => new(
        VerdictCodes.ProfileMismatch,
        dataset.Owner,
        $"{dataset.SqlName}.{column} holds identifiers of profile {wanted}; the other side holds {got}",
        "join columns of the same identifier profile");

    public static Finding UnitJoin(Dataset dataset) => new(
        VerdictCodes.UnitJoin,
        dataset.Owner,
        $"{dataset.SqlName} is of tier dp, where every protected dataset is joined on its unit column",
        $"join {dataset.SqlName} on {dataset.Policy.Unit?.Column ?? "its unit column"}");

    public static Finding Receiver(Dataset dataset, string receiver) => new(
        VerdictCodes.Receiver,
        dataset.Owner,
        $"answers from {dataset.SqlName} may not go to {receiver}",
        $"leave out the receiver {receiver}");

    public static Finding Analyst(Dataset dataset, string analyst) => new(
        VerdictCodes.Analyst,
        dataset.Owner,
        $"{dataset.SqlName} may not be asked by {analyst}",
        $"leave out {dataset.SqlName}, or ask {dataset.Owner} to name {analyst} as analyst in the contract");

    public static Finding UnitParameter(Dataset dataset, string column) => new(
        VerdictCodes.Template,
        dataset.Owner,
        $"a template's parameter is compared with the unit column {dataset.SqlName}.{column}",
        "use a template without a parameter on a unit column");
}
