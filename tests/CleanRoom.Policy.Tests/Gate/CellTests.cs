using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Gate;

/// <summary>Values of rows: their texts, their order, and conditions on them.</summary>
public sealed class CellTests
{
    private static readonly DateTime _noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Unspecified);

    [Fact]
    public void ToString_isTheOneTextOfAValue()
    {
        new CellValue.Boolean(true).ToString().Should().Be("true");
        new CellValue.Boolean(false).ToString().Should().Be("false");
        new CellValue.Date(new DateOnly(2026, 3, 1)).ToString().Should().Be("2026-03-01");
        new CellValue.Timestamp(_noon).ToString().Should().Be("2026-03-01 12:00:00");
        new CellValue.Uuid(Guid.Parse("0F8FAD5B-D9CB-469F-A165-70867728950E")).ToString().Should().Be("0f8fad5b-d9cb-469f-a165-70867728950e");
        new CellValue.Number(-5, 3).ToString().Should().Be("-0.005");
        new CellValue.People(UnitSet.Empty).ToString().Should().Be("[redacted]");
        CellValue.Null.Instance.ToString().Should().Be("null");
    }

    public static TheoryData<ColumnType> Types => [ColumnType.Int64, ColumnType.String, ColumnType.Boolean, ColumnType.Date, ColumnType.Timestamp, ColumnType.Uuid];

    [Theory]
    [MemberData(nameof(Types))]
    public void Checked_takesValuesOfTheColumnsTypeAlone(ColumnType type)
    {
        (ColumnType Type, CellValue Value)[] values =
        [
            (ColumnType.Int64, CellValue.Of(5L)),
            (ColumnType.String, new CellValue.Text("a")),
            (ColumnType.Boolean, new CellValue.Boolean(true)),
            (ColumnType.Date, new CellValue.Date(new DateOnly(2026, 3, 1))),
            (ColumnType.Timestamp, new CellValue.Timestamp(_noon)),
            (ColumnType.Uuid, new CellValue.Uuid(Guid.NewGuid())),
        ];
        foreach (var (other, value) in values)
        {
            Check(value).Should().Be(other == type, "{0} for {1}", other, type);
        }

        Check(CellValue.Null.Instance).Should().BeTrue();
        Check(new CellValue.People(UnitSet.Empty)).Should().BeFalse();

        bool Check(CellValue value)
        {
            try
            {
                return GateRows.Checked([new GeneratedColumn("g0", GeneratedKind.Key, 0, -1, new CellType(type, 0))], [[value]]).Count() == 1;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("-1.50", -150, 2)]
    [InlineData("4294967296", 4294967296, 0)]
    public void Of_decimal_keepsItsDigits(string text, long unscaled, int scale) =>
        CellValue.Of(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).Should().Be(new CellValue.Number(unscaled, scale));

    [Fact]
    public void Of_largestDecimal_isWhole()
    {
        CellValue.Of(decimal.MaxValue).Unscaled.Should().Be((BigInteger.One << 96) - 1);
        CellValue.Of(18446744073709551616m).Unscaled.Should().Be(BigInteger.One << 64);
    }

    [Fact]
    public void Compare_nulls_areFirstOrLastWhateverTheDirection()
    {
        CellValue one = CellValue.Of(1L);
        foreach (var descending in (bool[])[false, true])
        {
            CellOrder.Compare(CellValue.Null.Instance, one, descending, nullsFirst: true).Should().Be(-1);
            CellOrder.Compare(CellValue.Null.Instance, one, descending, nullsFirst: false).Should().Be(1);
            CellOrder.Compare(one, CellValue.Null.Instance, descending, nullsFirst: true).Should().Be(1);
            CellOrder.Compare(one, CellValue.Null.Instance, descending, nullsFirst: false).Should().Be(-1);
            CellOrder.Compare(CellValue.Null.Instance, CellValue.Null.Instance, descending, nullsFirst: true).Should().Be(0);
        }
    }

    [Fact]
    public void Compare_everyType_hasAnOrder()
    {
        (CellValue Less, CellValue More)[] pairs =
        [
            (CellValue.Of(1.5m), CellValue.Of(2L)),
            (new CellValue.Text("B"), new CellValue.Text("a")),
            (new CellValue.Boolean(false), new CellValue.Boolean(true)),
            (new CellValue.Date(new DateOnly(2026, 1, 31)), new CellValue.Date(new DateOnly(2026, 2, 1))),
            (new CellValue.Timestamp(_noon), new CellValue.Timestamp(_noon.AddTicks(10))),
            (new CellValue.Uuid(Guid.Parse("00000000-0000-0000-0000-00000000000a")), new CellValue.Uuid(Guid.Parse("10000000-0000-0000-0000-000000000000"))),
        ];
        foreach (var (less, more) in pairs)
        {
            CellOrder.Compare(less, more, descending: false, nullsFirst: false).Should().BeNegative();
            CellOrder.Compare(less, more, descending: true, nullsFirst: false).Should().BePositive();
            CellOrder.Compare(less, less, descending: true, nullsFirst: false).Should().Be(0);
        }

        FluentActions.Invoking(() => CellOrder.Compare(pairs[0].Less, pairs[1].Less, descending: false, nullsFirst: false))
            .Should().Throw<ArgumentException>().WithMessage("wanted two values of one type");
    }

    [Fact]
    public void CompareKeys_goesOnWhereKeysAreEqual()
    {
        CellOrder.CompareKeys([CellValue.Of(1L), CellValue.Of(2L)], [CellValue.Of(1L), CellValue.Of(3L)]).Should().BeNegative();
        CellOrder.CompareKeys([CellValue.Of(1L), CellValue.Of(2L)], [CellValue.Of(1L), CellValue.Of(2L)]).Should().Be(0);
        CellOrder.CompareKeys([], []).Should().Be(0);
    }

    [Theory]
    [InlineData(ColumnType.Boolean, "true")]
    [InlineData(ColumnType.Boolean, "false")]
    [InlineData(ColumnType.Int64, "-9223372036854775808")]
    [InlineData(ColumnType.Date, "2026-03-01")]
    [InlineData(ColumnType.Timestamp, "2026-03-01 12:00:00")]
    [InlineData(ColumnType.Uuid, "0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData(ColumnType.String, "it's")]
    [InlineData(ColumnType.Sha256, "00ff")]
    public void Cell_ofALiteral_hasItsText(ColumnType type, string text) => GatedRow.Cell(new Literal(type, text)).ToString().Should().Be(text);

    // SQL's three-valued logic over the aggregates 5, and one that is withheld.
    [Fact]
    public void Satisfies_isThreeValued()
    {
        var row = new GatedRow([], [Rational.Parse("5"), null]);
        OutputCondition yes = new OutputCondition.Compare(Aggregate(0), Comparison.Greater, Number("4"));
        OutputCondition no = new OutputCondition.Compare(Aggregate(0), Comparison.Greater, Number("5"));
        OutputCondition unknown = new OutputCondition.Compare(Aggregate(1), Comparison.Greater, Number("0"));
        (OutputCondition Condition, bool? Expected)[] cases =
        [
            (yes, true),
            (no, false),
            (unknown, null),
            (new OutputCondition.Not(yes), false),
            (new OutputCondition.Not(no), true),
            (new OutputCondition.Not(unknown), null),
            (new OutputCondition.And([yes, yes]), true),
            (new OutputCondition.And([yes, no]), false),
            (new OutputCondition.And([unknown, no]), false),
            (new OutputCondition.And([unknown, yes]), null),
            (new OutputCondition.And([yes, unknown]), null),
            (new OutputCondition.Or([no, no]), false),
            (new OutputCondition.Or([no, yes]), true),
            (new OutputCondition.Or([unknown, yes]), true),
            (new OutputCondition.Or([unknown, no]), null),
            (new OutputCondition.Or([no, unknown]), null),
            (new OutputCondition.IsNull(Aggregate(1), Negated: false), true),
            (new OutputCondition.IsNull(Aggregate(1), Negated: true), false),
            (new OutputCondition.IsNull(Aggregate(0), Negated: false), false),
            (new OutputCondition.IsNull(Aggregate(0), Negated: true), true),
        ];
        foreach (var (condition, expected) in cases)
        {
            row.Satisfies(condition).Should().Be(expected, condition.ToString());
        }
    }

    [Theory]
    [InlineData(ChoiceFunction.Greatest, "5", "7", "7")]
    [InlineData(ChoiceFunction.Greatest, "7", "5", "7")]
    [InlineData(ChoiceFunction.Greatest, null, "5", "5")]
    [InlineData(ChoiceFunction.Least, "5", "7", "5")]
    [InlineData(ChoiceFunction.Least, "7", "5", "5")]
    [InlineData(ChoiceFunction.Least, "5", null, "5")]
    [InlineData(ChoiceFunction.Coalesce, null, "5", "5")]
    [InlineData(ChoiceFunction.Coalesce, "7", "5", "7")]
    [InlineData(ChoiceFunction.NullIf, "5", "5", "null")]
    [InlineData(ChoiceFunction.NullIf, "5", "7", "5")]
    [InlineData(ChoiceFunction.NullIf, "5", null, "5")]
    [InlineData(ChoiceFunction.NullIf, null, "5", "null")]
    public void Output_ofAChoice(ChoiceFunction function, string? left, string? right, string expected)
    {
        var row = new GatedRow([], [left is null ? null : Rational.Parse(left), right is null ? null : Rational.Parse(right)]);
        row.Output(new OutputExpression.Choice(function, Aggregate(0), Aggregate(1))).ToString().Should().Be(expected);
    }

    private static OutputExpression.Aggregate Aggregate(int index) => new(index, CellType.OfScale(0));

    private static Literal Number(string text) => new(ColumnType.Decimal, text);
}
