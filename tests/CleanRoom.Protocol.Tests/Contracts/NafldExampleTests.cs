using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Tests.Contracts;

/// <summary>The committed records satisfy the committed contract, and give the answer that the README states.</summary>
public class NafldExampleTests
{
    private static readonly Contract _contract = ExampleContracts.Nafld();

    [Theory]
    [InlineData("registry", "people")]
    [InlineData("laboratory", "tests")]
    [InlineData("hospital", "events")]
    public void Records_satisfy_the_rules_of_their_dataset(string owner, string name)
    {
        var dataset = _contract.Datasets.Single(one => one.Owner == owner && one.Name == name);
        var rows = Read(owner);

        rows[0].Should().Equal(dataset.Schema.Select(column => column.Name));
        for (var i = 0; i < dataset.Schema.Length; i++)
        {
            var column = dataset.Schema[i];
            var values = rows.Skip(1).Select(row => row[i]).ToList();
            if (!column.Nullable)
            {
                values.Should().NotContain(string.Empty, column.Name);
            }

            if (column.Unique)
            {
                values.Should().OnlyHaveUniqueItems();
            }

            Check(dataset.Policy.Columns[column.Name], [.. values.Where(value => value.Length > 0)], column.Name);
        }

        rows.Skip(1).GroupBy(row => row[0]).Max(group => group.Count()).Should().BeLessThanOrEqualTo(dataset.Policy.Join.MaxRowsPerUnit);
    }

    [Fact]
    public void Example_under_differential_privacy_is_this_one_but_for_the_tier_of_the_events()
    {
        var json = ExampleContracts.NafldJson();
        json["title"] = "NAFLD cohort: hospital events under differential privacy";
        var policy = json["datasets"]![2]!["policy"]!;
        policy["tier"] = "dp";
        policy["dp"] = JsonNode.Parse("""{"epsilon":"4","delta":"0.000000001","maxEpsilonPerQuery":"1","maxGroupsPerUnit":10,"refresh":"none"}""");

        var path = Path.Combine(ExampleContracts.Folder + "-dp", "contract.json");
        JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(path)), json).Should().BeTrue();
        ContractRules.Check(DocumentCodec.FromPerson<Contract>(File.ReadAllBytes(path)).Value).Should().BeEmpty();
    }

    [Fact]
    public void Mean_hdl_by_status_is_the_known_answer_and_above_the_threshold()
    {
        var status = Read("registry").Skip(1).ToDictionary(row => row[0], row => row[8]);

        var groups = Read("laboratory").Where(row => row[2] == "hdl" && status.ContainsKey(row[0]))
            .GroupBy(row => status[row[0]], (key, rows) => (Status: key, Rows: rows.ToList()))
            .OrderBy(group => group.Status, StringComparer.Ordinal)
            .Select(group => (
                group.Status, group.Rows.Count,
                Mean: decimal.Round(group.Rows.Average(row => decimal.Parse(row[3], CultureInfo.InvariantCulture)), 6),
                People: group.Rows.Select(row => row[0]).Distinct().Count()));

        groups.Should().Equal(("0", 146_671, 50.884408m, 14_027), ("1", 14_588, 48.664999m, 1_178));
    }

    [Fact]
    public void Events_by_sex_are_all_above_the_threshold()
    {
        var male = Read("registry").Skip(1).ToDictionary(row => row[0], row => row[2]);

        var people = Read("hospital").Skip(1).GroupBy(row => (row[2], male[row[0]])).Select(group => group.Select(row => row[0]).Distinct().Count());

        people.Should().HaveCount(20).And.OnlyContain(count => count >= 50);
    }

    [Fact]
    public void Root_keys_are_the_documented_test_keys()
    {
        foreach (var collaborator in _contract.Collaborators)
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                D = SHA256.HashData(Encoding.ASCII.GetBytes($"cleanroom/v1/example/nafld/{collaborator.Id}")),
            });
            var point = key.ExportParameters(false).Q;

            collaborator.RootKey.ToArray().Should().Equal([4, .. point.X!, .. point.Y!]);
        }
    }

    private static void Check(ColumnPolicy policy, List<string> values, string name)
    {
        if (policy.Domain?.Values is { } allowed)
        {
            values.Distinct().Should().BeSubsetOf(allowed, name);
        }

        if (policy.Type == ColumnType.String)
        {
            return;
        }

        var numbers = values.Select(value => decimal.Parse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)).ToList();
        if (policy.Type != ColumnType.Decimal)
        {
            numbers.Should().OnlyContain(number => decimal.IsInteger(number), name);
        }

        foreach (var (min, max) in new[] { (policy.Clamp?.Min, policy.Clamp?.Max), (policy.Domain?.Min, policy.Domain?.Max) })
        {
            if (min is not null)
            {
                numbers.Min().Should().BeGreaterThanOrEqualTo(min.Value, name);
                numbers.Max().Should().BeLessThanOrEqualTo(max!.Value, name);
            }
        }
    }

    // The files hold no quotes; the reader proper is tested elsewhere.
    private static List<string[]> Read(string name) =>
        [.. File.ReadLines(Path.Combine(ExampleContracts.Folder, name + ".csv")).Select(line => line.Split(','))];
}
