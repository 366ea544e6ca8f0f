using System.Globalization;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Verdicts;

/// <summary>The sentences for rules of the room, which no owner can change.</summary>
/// <remarks>Functions of text and schema alone. Spec: contracts/spec/0008 s.4.</remarks>
internal static class RoomRules
{
    private const int MaxNameLength = 40;
    private const int MaxSentenceLength = 400;

    public static Finding Parse(string what) => Room(
        VerdictCodes.Parse, $"the text must be one SELECT of the accepted language: {what}", "correct the text");

    public static Finding Multi() => Room(
        VerdictCodes.Multi, "a query is one statement; this text has several", "send each statement as its own query");

    public static Finding Statement() => Room(
        VerdictCodes.Statement, "only SELECT is accepted; this text is another statement", "write a SELECT");

    public static Finding Op(string what) => Room(
        VerdictCodes.Op, $"the accepted form of a query has no {what}", $"remove {what}");

    public static Finding OpPosition(string what, string change) => Room(VerdictCodes.OpPosition, what, change);

    public static Finding NoAgg() => Room(
        VerdictCodes.NoAgg, "an answer holds aggregates over groups of people, never rows", "aggregate, and group by what you select");

    public static Finding NoNumberInDp() => Room(
        VerdictCodes.NoAgg, "an answer of the tier dp holds a number that is blurred; the declared values of public keys are no answer", "add count(*)");

    public static Finding NestedAgg() => Room(
        VerdictCodes.NestedAgg, "a query has exactly one level of aggregation", "aggregate once");

    public static Finding AggFn(string name) => Room(
        VerdictCodes.AggFn,
        $"the aggregates are count(*), count(DISTINCT column), sum, avg, variances, covariances and regressions of columns, not {Name(name)}",
        $"replace {Name(name)} by one of these");

    public static Finding AggFnInDp(string name) => Room(
        VerdictCodes.AggFn,
        $"the tier dp blurs count(*), count(DISTINCT column), sum and avg; {Name(name)} is not among them",
        $"replace {Name(name)} by sums and counts");

    public static Finding AggFnInList() => Room(
        VerdictCodes.AggFn, "datasets of the tier list are listed, not counted or grouped", "select columns, without aggregates and GROUP BY");

    public static Finding AggArg(string name) => Room(
        VerdictCodes.AggArg,
        $"the argument of an aggregate is a column as it is; {Name(name)} has another",
        "write count(*), count(DISTINCT column), or the function of bare columns");

    public static Finding AggFilter() => Room(
        VerdictCodes.AggFilter, "an aggregate has no FILTER clause, which would make a group of its own", "move the condition to WHERE");

    public static Finding AggOrder() => Room(
        VerdictCodes.AggOrder, "an aggregate has no ORDER BY inside", "remove ORDER BY from the aggregate");

    public static Finding GroupingSets() => Room(
        VerdictCodes.GroupingSets, "a query groups one way; GROUPING SETS, ROLLUP and CUBE group several ways", "use a plain GROUP BY");

    public static Finding Sample() => Room(
        VerdictCodes.Sample, "a query reads all rows, never a sample", "remove the sample clause");

    public static Finding Function(string name) => Room(
        VerdictCodes.Function,
        $"{Name(name)} is not one of the functions that can be used here without a chance of failing on a value",
        $"remove {Name(name)}");

    public static Finding TableFunction(string name) => Room(
        VerdictCodes.TableFunction, $"a query reads datasets, not {Name(name)}", "name a dataset as owner.dataset");

    public static Finding Table(string name) => Room(
        VerdictCodes.Table, $"{Name(name)} is no dataset of the contract", "name a dataset of the contract as owner.dataset");

    public static Finding Bind() => Room(
        VerdictCodes.Bind, "the names and types of the text do not fit the contract's schema", "use columns of the contract's schema, with their types");

    public static Finding BindStopped() => Room(
        VerdictCodes.Bind, "the isolated process did not survive binding the text or ran out of time", "send a smaller text");

    public static Finding Cast(string what) => Room(
        VerdictCodes.Cast, $"columns are used with their own type and literals must have it: {what}", "remove the cast or write the literal in the column's type");

    public static Finding Parameter(string what) => Room(VerdictCodes.Parameter, what, "give every parameter of the template one allowed value");

    public static Finding FreeParameter() => Room(
        VerdictCodes.Parameter, "only templates have parameters", "write the value into the text, or use a template");

    public static Finding Template(string what, string change) => Room(VerdictCodes.Template, what, change);

    public static Finding Join(string what) => Room(
        VerdictCodes.Join, $"tables are joined by JOIN ... ON column = column: {what}", "write JOIN ... ON column = column, with further conditions in WHERE");

    public static Finding TierMix(string what) => Room(VerdictCodes.TierMix, what, "query datasets of the tier list alone, or none of them");

    public static Finding TooSmallBudget(string what) => Room(
        VerdictCodes.TierMix, what, "ask for fewer numbers, or let the owner raise maxEpsilonPerQuery and delta");

    public static Finding Receiver(string what) => Room(VerdictCodes.Receiver, what, "name at least one collaborator of the contract as receiver");

    public static Finding Analyst() => Room(
        VerdictCodes.Analyst, "only a collaborator of the contract may ask", "ask as a member of a collaborator");

    public static Finding MoreReasons(int listed) => Room(
        VerdictCodes.Op,
        string.Create(CultureInfo.InvariantCulture, $"the first {listed} reasons are listed; there are more"),
        "correct these, and ask again");

    private static Finding Room(string code, string reason, string change) =>
        new(code, Finding.Room, PlainText.Of(reason, MaxSentenceLength), PlainText.Of(change, MaxSentenceLength));

    /// <summary>A name out of the analyst's text, short enough for a sentence.</summary>
    private static string Name(string name) => PlainText.Of(name, MaxNameLength);
}
