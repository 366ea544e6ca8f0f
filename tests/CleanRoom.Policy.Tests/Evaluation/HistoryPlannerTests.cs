using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>How many cells a question offers to the histories of earlier answers: by contract and text, before anybody looks at data.</summary>
public sealed class HistoryPlannerTests(BinderFixture fixture)
{
    // Ages are 0 to 120, status and sex 0 or 1; weight, height and bmi may be absent. An answer has at most 1,000 rows.
    [Theory]
    [InlineData("SELECT count(*) FROM registry.people", 1)]
    [InlineData("SELECT count(*), count(DISTINCT id), avg(age), avg(futime) FROM registry.people", 1)]
    [InlineData("SELECT avg(bmi) FROM registry.people", 2)]
    [InlineData("SELECT avg(bmi), var_pop(bmi), avg(weight) FROM registry.people", 3)]
    [InlineData("SELECT covar_pop(bmi, weight), corr(weight, bmi), avg(bmi) FROM registry.people", 3)]
    [InlineData("SELECT status, count(*) FROM registry.people GROUP BY status", 2)]
    [InlineData("SELECT status, male, count(*), avg(bmi) FROM registry.people GROUP BY status, male", 8)]
    [InlineData("SELECT (age // 10) * 10, count(*) FROM registry.people GROUP BY 1", 13)]
    [InlineData("SELECT age // 50, count(*) FROM registry.people GROUP BY 1", 3)]
    [InlineData("SELECT test, count(*) FROM laboratory.tests GROUP BY test", 6)]
    [InlineData("SELECT t.test, r.status, avg(t.value), avg(r.bmi) FROM registry.people r JOIN laboratory.tests t ON r.id = t.id GROUP BY 1, 2", 24)]
    public async Task Cells_followFromTheDeclaredValues(string sql, int cells)
    {
        var plan = await fixture.Binder.PlanAsync(Nafld(), sql, "hospital");

        plan.History!.Cells.Should().Be(cells);
    }

    [Fact]
    public async Task Cells_ofAKeyWithoutDeclaredValues_areThoseOfTheLargestAnswer()
    {
        var open = Nafld(("male", column => column with { Domain = null }));

        (await fixture.Binder.PlanAsync(open, "SELECT male, count(*), avg(bmi) FROM registry.people GROUP BY male", "hospital")).History!
            .Should().Match<PlanHistory>(history => history.Rows == open.Output.MaxRows && history.Cells == 2 * open.Output.MaxRows);
    }

    // Division rounds towards zero: -25 to 34 by tens is -2 to 3. The calendar has 12 months whatever is declared, unless less is.
    [Theory]
    [InlineData("-25", "34", "(age // 10) * 10", 6)]
    [InlineData("-25", "34", "age // 7", 8)]
    [InlineData("5", "14", "age // 10", 2)]
    [InlineData("0", "9", "age // 10", 1)]
    [InlineData("-3", "3", "age", 7)]
    public async Task Cells_ofBands_areTheBandsOfTheDomain(string min, string max, string key, int cells)
    {
        var contract = Nafld(("age", column => column with
        {
            Grain = null,
            Domain = new ColumnDomain { Min = decimal.Parse(min, System.Globalization.CultureInfo.InvariantCulture), Max = decimal.Parse(max, System.Globalization.CultureInfo.InvariantCulture) },
        }));

        (await fixture.Binder.PlanAsync(contract, $"SELECT {key}, count(*) FROM registry.people GROUP BY 1", "hospital")).History!.Cells.Should().Be(cells);
    }

    [Fact]
    public async Task Cells_ofAKeyThatMayBeAbsent_haveOneMore()
    {
        var nullable = Nafld() with
        {
            Datasets = [.. Nafld().Datasets.Select(dataset => dataset with { Schema = [.. dataset.Schema.Select(column => column.Name == "male" ? column with { Nullable = true } : column)] })],
        };

        (await fixture.Binder.PlanAsync(nullable, "SELECT male, count(*) FROM registry.people GROUP BY male", "hospital")).History!.Cells.Should().Be(3);
    }

    [Fact]
    public async Task Cells_areNotOfferedByOwnDataNorWhereNobodyWantsIt()
    {
        var off = Nafld() with
        {
            Datasets = [.. Nafld().Datasets.Select(dataset => dataset.Owner != "registry" ? dataset : dataset with
            {
                Policy = dataset.Policy with { Threshold = dataset.Policy.Threshold with { History = HistoryRule.Off } },
            })],
        };
        const string joined = "SELECT count(*) FROM registry.people r JOIN laboratory.tests t ON r.id = t.id";

        (await fixture.Binder.PlanAsync(off, "SELECT count(*) FROM registry.people", "hospital")).History.Should().BeNull();
        (await fixture.Binder.PlanAsync(off, joined, "hospital")).History!.Datasets.Select(dataset => dataset.Name).Should().Equal("laboratory.tests");
        (await fixture.Binder.PlanAsync(Nafld(), joined, "registry")).History!.Datasets.Select(dataset => dataset.Name).Should().Equal("laboratory.tests");
        (await fixture.Binder.PlanAsync(Nafld(), joined, "hospital")).History!.Datasets.Should().Equal(
            new AuditedDataset("laboratory.tests", 50, 2_000), new AuditedDataset("registry.people", 50, 2_000));
    }

    private static Contract Nafld(params (string Column, Func<ColumnPolicy, ColumnPolicy> Change)[] changes)
    {
        var contract = Examples.Nafld;
        foreach (var (name, change) in changes)
        {
            contract = contract with
            {
                Datasets = [.. contract.Datasets.Select(dataset => !dataset.Policy.Columns.TryGetValue(name, out var column) ? dataset : dataset with
                {
                    Policy = dataset.Policy with { Columns = dataset.Policy.Columns.SetItem(name, change(column)) },
                })],
            };
        }

        return contract;
    }
}
