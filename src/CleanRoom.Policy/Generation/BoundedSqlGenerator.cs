using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>Writes the SQL of the dp tier: each person's rows are bounded, then people are added up. No noise is drawn here.</summary>
/// <remarks>
/// It computes what <see cref="Privacy.Bounding.ContributionBounding"/> computes over rows in memory. The salt orders a person's groups by a
/// digest that looks at that person's rows alone; it is new for each charge. Spec: contracts/spec/0014 s.8.
/// </remarks>
internal sealed class BoundedSqlGenerator
{
    private readonly QueryPlan _plan;
    private readonly PlanNoise _noise;
    private readonly List<string> _keys;
    private readonly ImmutableArray<NoisyValue> _values;
    private readonly string _prefix;

    private BoundedSqlGenerator(QueryPlan plan, ReadOnlySpan<byte> salt)
    {
        (_plan, _noise, _values) = (plan, plan.Noise!, NoisyValues.Of(plan));
        _keys = [.. plan.Groups.Select((_, index) => Name("g", index))];
        _prefix = SqlName.Text($"{Convert.ToHexStringLower(salt)}:");
    }

    /// <summary>Returns the SQL.</summary>
    /// <param name="plan">A plan of the dp tier.</param>
    /// <param name="from">FROM and WHERE.</param>
    /// <param name="salt">What orders a person's groups.</param>
    public static string Generate(QueryPlan plan, string from, ReadOnlySpan<byte> salt) => new BoundedSqlGenerator(plan, salt).Text(from);

    private string Text(string from)
    {
        var distinct = Enumerable.Range(0, _values.Length).Where(index => _values[index].Kind == NoisyKind.Distinct).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"WITH v AS ({Rows(from)}), r AS ({PerUnit()}), k AS (SELECT *, {Place()} AS place FROM r), ");
        text.Append(CultureInfo.InvariantCulture, $"kept AS (SELECT * FROM k WHERE place <= {_noise.MaxGroupsPerUnit}), cells AS ({Cells()})");
        foreach (var index in distinct)
        {
            text.Append(CultureInfo.InvariantCulture, $", {Name("e", index)} AS ({Distinct(_values[index].Aggregate)})");
        }

        var selected = _keys.Select(key => $"cells.{key}").Concat(_values.Select((value, index) => value.Kind == NoisyKind.Distinct
            ? $"coalesce({Name("e", index)}.n, 0) AS {Name("b", index)}"
            : $"cells.{Name("b", index)}"));
        text.Append(CultureInfo.InvariantCulture, $" SELECT {string.Join(", ", selected)} FROM cells");
        foreach (var index in distinct)
        {
            text.Append(CultureInfo.InvariantCulture, $" LEFT JOIN {Name("e", index)} ON {Same("cells", Name("e", index))}");
        }

        return text.ToString();
    }

    /// <summary>The joined and filtered rows: the person, the keys, and the columns of aggregates as integers or as they are.</summary>
    private string Rows(string from)
    {
        var unit = SqlWriter.Unit(_noise.UnitTable, _plan.Tables[_noise.UnitTable].Unit!);
        var keys = _plan.Groups.Select((group, index) => $", {SqlWriter.Key(group)} AS {Name("g", index)}");
        var arguments = _plan.Aggregates.Select((aggregate, index) => aggregate switch
        {
            { Column: null } => string.Empty,
            { Function: AggregateFunction.CountDistinct, Column: { } column } => $", {SqlWriter.Column(column)} AS {Name("x", index)}",
            { Column: { } column } => $", {SqlWriter.Whole(column)} AS {Name("x", index)}",
        });
        return $"SELECT {unit} AS unit{string.Concat(keys)}{string.Concat(arguments)}{from}";
    }

    private string PerUnit()
    {
        var parts = _values.Select((value, index) => value.Kind is NoisyKind.Units or NoisyKind.Distinct
            ? string.Empty
            : $", {Contribution(value)} AS {Name("b", index)}");
        var group = string.Join(", ", _keys.Prepend("unit"));
        return $"SELECT {group}{string.Concat(parts)} FROM v WHERE unit IS NOT NULL GROUP BY {group}";
    }

    /// <summary>What one person adds to a group.</summary>
    private string Contribution(NoisyValue value)
    {
        var x = Name("x", value.Aggregate);
        var most = _noise.MaxRowsPerUnit.ToString(CultureInfo.InvariantCulture);
        var clamp = _noise.Clamps[value.Aggregate];
        switch (value.Kind)
        {
            case NoisyKind.Rows:
                return $"least(count(*), {most})";
            case NoisyKind.Denominator:
                return $"least(count({x}), {most})";
            case NoisyKind.Sum:
                return $"CASE WHEN count({x}) = 0 THEN 0::HUGEINT ELSE {Clamped($"sum({x})", clamp!)} END";
            case NoisyKind.Numerator:
                // FILTER, since least and greatest pass over NULL: a row without a value would count as one at the lower bound.
                var offsets = $"sum(2 * {Clamped(x, clamp!)} - {Number(clamp!.Lower + clamp.Upper)}) FILTER (WHERE {x} IS NOT NULL)";
                return $"coalesce({offsets}, 0::HUGEINT) * least(count({x}), {most}) // greatest(count({x}), 1)";
            default:
                throw new UnreachableException();
        }
    }

    private static string Clamped(string value, PlanClamp clamp) => $"least(greatest({value}, {Number(clamp.Lower)}), {Number(clamp.Upper)})";

    private string Place() => _keys.Count == 0
        ? "1"
        : $"row_number() OVER (PARTITION BY unit ORDER BY {Order(Item())})";

    /// <summary>The salted digest that orders what is kept of a person.</summary>
    private string Order(string item) => $"sha256({_prefix} || {Hex(TextOf("unit", _plan.Tables[_noise.UnitTable].Unit!.Type))} || ':' || {Hex(item)})";

    /// <summary>The keys as one text: each in hex, absent ones as a hyphen, with commas between.</summary>
    private string Item() => $"concat({string.Join(", ',', ", _keys.Select(key => $"coalesce({Hex(key)}, '-')"))})";

    private string Cells()
    {
        var sums = _values.Select((value, index) => value.Kind switch
        {
            NoisyKind.Units => $"count(*) AS {Name("b", index)}",
            NoisyKind.Distinct => null,
            _ => $"coalesce(sum({Name("b", index)}), 0)::HUGEINT AS {Name("b", index)}",
        }).OfType<string>();

        // A query of different values alone has a row all the same.
        var selected = _keys.Concat(sums).DefaultIfEmpty("count(*) AS people");
        return $"SELECT {string.Join(", ", selected)} FROM kept{By(string.Empty)}";
    }

    /// <summary>Different values, of each person and group those first in the salted order.</summary>
    private string Distinct(int aggregate)
    {
        var x = Name("x", aggregate);
        var group = string.Concat(_keys.Select(key => $", {key}"));
        var values = $"SELECT DISTINCT unit{group}, {x} FROM v WHERE unit IS NOT NULL AND {x} IS NOT NULL";
        var order = Order(TextOf(x, _plan.Aggregates[aggregate].Column!.Type));
        var ranked = $"SELECT *, row_number() OVER (PARTITION BY unit{group} ORDER BY {order}) AS place FROM ({values})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {string.Concat(_keys.Select(key => $"y.{key}, "))}count(DISTINCT y.{x}) AS n FROM ({ranked}) AS y JOIN kept ON y.unit = kept.unit AND {Same("y", "kept")} WHERE y.place <= {_noise.MaxRowsPerUnit}{By("y.")}");
    }

    private string By(string prefix) => _keys.Count == 0 ? string.Empty : $" GROUP BY {string.Join(", ", _keys.Select(key => prefix + key))}";

    private string Same(string left, string right) =>
        _keys.Count == 0 ? "TRUE" : string.Join(" AND ", _keys.Select(key => $"{left}.{key} IS NOT DISTINCT FROM {right}.{key}"));

    private static string TextOf(string expression, ColumnType type) => type == ColumnType.Sha256 ? $"lower(hex({expression}))" : expression;

    // A text of any type; hex has neither colon, comma nor hyphen, so no two rows give one text.
    private static string Hex(string expression) => $"lower(hex(CAST({expression} AS VARCHAR)))";

    private static string Number(Int128 value) => string.Create(CultureInfo.InvariantCulture, $"({value})::HUGEINT");

    private static string Name(string prefix, int index) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}");
}
