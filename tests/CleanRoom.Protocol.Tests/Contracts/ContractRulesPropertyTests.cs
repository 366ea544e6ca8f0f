using System.Globalization;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Protocol.Tests.Contracts;

public class ContractRulesPropertyTests
{
    private static readonly Gen<decimal> _bound = Gen.OneOf(
        Gen.Decimal, OneOf(0m, 1m, -1m, decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m, 1e18m, 1e27m));

    private static readonly Gen<decimal?> _maybe = Gen.OneOf(Gen.Const((decimal?)null), _bound.Select(value => (decimal?)value));

    [Fact]
    public void Check_any_numbers_in_a_column_never_throws()
    {
        var contract = ExampleContracts.Strict();
        Gen.Select(_maybe, _maybe, _maybe, _bound, _bound, Gen.Int[-5, 40], Gen.Int[1, 9])
            .Sample((min, max, step, low, high, scale, type) =>
            {
                var column = new ColumnPolicy
                {
                    Type = (ColumnType)type,
                    Uses = [ColumnUse.Sum, ColumnUse.Group],
                    Domain = new ColumnDomain { Min = min, Max = max, Step = step },
                    Clamp = new ClampBounds { Min = low, Max = high },
                    Grain = high.ToString(CultureInfo.InvariantCulture),
                    Scale = scale,
                };
                ContractRules.Check(With(contract, column));
            });
    }

    [Fact]
    public void Check_accepted_bounds_keep_every_sum_below_the_limit()
    {
        var contract = ExampleContracts.Strict();
        Gen.Select(_bound, _bound, Gen.Int[0, 18], Gen.Int[1, 1_000_000_000]).Sample((low, high, scale, fanout) =>
        {
            var column = new ColumnPolicy
            {
                Type = ColumnType.Decimal,
                Uses = [ColumnUse.Sum],
                Clamp = new ClampBounds { Min = Math.Min(low, high), Max = Math.Max(low, high) },
                Scale = scale,
            };
            var changed = With(contract, column);
            var dataset = changed.Datasets[0];
            changed = changed with
            {
                Datasets = changed.Datasets.SetItem(0, dataset with { Policy = dataset.Policy with { Join = dataset.Policy.Join with { MaxFanout = fanout } } }),
            };
            if (ContractRules.Check(changed).IsEmpty)
            {
                var largest = new System.Numerics.BigInteger(Math.Max(Math.Abs(low), Math.Abs(high)));
                (largest * System.Numerics.BigInteger.Pow(10, scale) * ContractRules.MaxRowsPerDataset * fanout)
                    .Should().BeLessThan(System.Numerics.BigInteger.Pow(10, 37));
            }
        });
    }

    [Fact]
    public void Check_any_template_text_never_throws()
    {
        var contract = ExampleContracts.Strict();
        var piece = OneOf("'", "\"", "$", "$a", "$$", "--", "/*", "e'", "id", " ", "=", "in", "(", ")", "between", "and", "1", ";", "?", "<>", "\u0000");
        piece.Array[0, 30].Select(pieces => string.Concat(pieces)).Sample(sql =>
        {
            var template = contract.Templates[0] with { Sql = sql };
            ContractRules.Check(contract with { Templates = [template] });
        });
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Contract With(Contract contract, ColumnPolicy column)
    {
        var dataset = contract.Datasets[0];
        return contract with
        {
            Datasets = contract.Datasets.SetItem(
                0, dataset with { Policy = dataset.Policy with { Columns = dataset.Policy.Columns.SetItem("weight", column) } }),
        };
    }
}
