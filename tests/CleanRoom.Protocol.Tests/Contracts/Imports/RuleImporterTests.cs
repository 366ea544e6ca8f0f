using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Contracts.Imports;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Protocol.Tests.Contracts.Imports;

/// <summary>Rules of other clean rooms: what they granted and no more, each with a note, and a contract that still holds.</summary>
public sealed class RuleImporterTests
{
    private static readonly Contract _draft = ExampleContracts.Read(
        JsonNode.Parse(File.ReadAllText(RepositoryFiles.Committed("contracts", "examples", "media", "contract.json")))!);

    private const string Aggregation = """
        {"analysisRule":{"type":"AGGREGATION","policy":{"v1":{"aggregation":{
          "aggregateColumns":[{"columnNames":["ltv"],"function":"SUM"},{"columnNames":["LTV"],"function":"AVG"},
            {"columnNames":["user_id"],"function":"COUNT_DISTINCT"},{"columnNames":["region"],"function":"COUNT"},
            {"columnNames":["ltv"],"function":"SUM_DISTINCT"},{"columnNames":["missing"],"function":"SUM"},{"columnNames":["segment"],"function":"SUM"}],
          "joinColumns":["user_id"],"joinRequired":"QUERY_RUNNER","allowedJoinOperators":["AND","OR"],
          "dimensionColumns":["region","user_id"],"scalarFunctions":["UPPER"],
          "outputConstraints":[{"columnName":"user_id","minimum":80,"type":"COUNT_DISTINCT"},{"columnName":"region","minimum":3,"type":"COUNT_DISTINCT"}]
        }}}}}
        """;

    [Fact]
    public void Aggregation_rule_becomes_grants_and_everything_else_is_dropped()
    {
        var import = Import(PeerFormat.AwsCleanRooms, Aggregation);

        Uses(import).Should().BeEquivalentTo(new Dictionary<string, ColumnUse[]>
        {
            ["user_id"] = [ColumnUse.Join, ColumnUse.CountDistinct],
            ["region"] = [ColumnUse.Group, ColumnUse.Filter],
            ["ltv"] = [ColumnUse.Sum, ColumnUse.Avg],
        });
        import.Policy.Threshold.MinUnits.Should().Be(80);
        import.Policy.Join.Required.Should().Equal("analyst");
    }

    [Fact]
    public void Aggregation_rule_says_what_is_stricter_and_what_is_lost()
    {
        var notes = Import(PeerFormat.AwsCleanRooms, Aggregation).Notes;

        Rules(notes, ImportOutcome.NotKept).Should().Equal(
            "SUM_DISTINCT of 'ltv'", "SUM of 'missing'", "SUM of 'segment'", "allowedJoinOperators OR", "dimension 'user_id'", "dimension 'user_id'",
            "at least 3 different 'region'");
        Rules(notes, ImportOutcome.Stricter).Should().Equal("COUNT of 'region'", "scalarFunctions 'UPPER'");
        notes.Should().OnlyContain(note => note.Words.Length > 10);
    }

    [Fact]
    public void Threshold_below_the_floor_or_the_draft_is_raised_and_said()
    {
        var import = Import(PeerFormat.AwsCleanRooms, """
            {"v1":{"aggregation":{"aggregateColumns":[],"joinColumns":[],"dimensionColumns":[],"scalarFunctions":[],
              "outputConstraints":[{"columnName":"user_id","minimum":2,"type":"COUNT_DISTINCT"}]}}}
            """);

        import.Policy.Threshold.MinUnits.Should().Be(50, "the draft's own threshold stands");
        Rules(import.Notes, ImportOutcome.Stricter).Should().Equal("at least 2 different 'user_id'");
    }

    [Fact]
    public void List_rule_becomes_the_list_tier()
    {
        var import = Import(PeerFormat.AwsCleanRooms, """{"list":{"joinColumns":["email_sha256"],"listColumns":["segment","region"],"allowedJoinOperators":["AND"]}}""");

        import.Policy.Tier.Should().Be(PolicyTier.List);
        Uses(import)["segment"].Should().Equal(ColumnUse.List);
        Uses(import)["email_sha256"].Should().Equal(ColumnUse.Join);
        Uses(import).Should().NotContainKey("ltv");
    }

    [Fact]
    public void Custom_rule_keeps_the_drafts_grants_but_not_what_it_hides()
    {
        var import = Import(PeerFormat.AwsCleanRooms, """
            {"custom":{"allowedAnalyses":["ANY_QUERY"],"allowedAnalysisProviders":["123456789012"],"disallowedOutputColumns":["ltv"],
              "additionalAnalyses":"ALLOWED","differentialPrivacy":{"columns":[{"name":"user_id"}]}}}
            """);

        import.Policy.Approval.Should().Be(QueryApproval.Each);
        Uses(import).Should().NotContainKey("ltv").And.ContainKey("region");
        Rules(import.Notes, ImportOutcome.NotKept).Should().Equal(
            "allowedAnalysisProviders '123456789012'", "differentialPrivacy by 'user_id'", "additionalAnalyses ALLOWED");
    }

    [Fact]
    public void Differential_privacy_of_a_view_becomes_the_dp_tier_with_exact_numbers()
    {
        var import = Import(PeerFormat.BigQuery, """
            {"differential_privacy_policy":{"privacy_unit_column":"user_id","max_epsilon_per_query":0.5,"epsilon_budget":4.25,"delta_per_query":0.01,
              "max_groups_contributed":3}}
            """, _draft with { AllowInsecure = false });

        import.Policy.Tier.Should().Be(PolicyTier.Dp);
        import.Policy.Dp.Should().Be(new DpRules
        {
            Epsilon = 4.25m, Delta = 0.000001m, MaxEpsilonPerQuery = 0.5m, MaxGroupsPerUnit = 3, Refresh = BudgetRefresh.None,
        });
        Rules(import.Notes, ImportOutcome.Stricter).Should().Contain("differential_privacy_policy");
    }

    [Fact]
    public void Differential_privacy_without_a_budget_is_not_kept()
    {
        var import = Import(PeerFormat.BigQuery, """
            {"privacy_policy":{"differential_privacy_policy":{"privacy_unit_column":"user_id","max_epsilon_per_query":5,"delta_per_query":1e-9}}}
            """);

        import.Policy.Tier.Should().Be(PolicyTier.Threshold);
        Rules(import.Notes, ImportOutcome.NotKept).Should().Equal("differential_privacy_policy");
    }

    [Fact]
    public void Join_restriction_of_a_view_limits_the_columns()
    {
        var import = Import(PeerFormat.BigQuery, """
            {"aggregation_threshold_policy":{"threshold":60,"privacy_unit_columns":"user_id"},
             "join_restriction_policy":{"join_condition":"JOIN_ANY","join_allowed_columns":["email_sha256"]}}
            """);
        var blocked = Import(PeerFormat.BigQuery, """{"join_restriction_policy":{"join_condition":"JOIN_BLOCKED"}}""");

        import.Policy.Threshold.MinUnits.Should().Be(60);
        import.Policy.Join.Required.Should().Equal("analyst");
        Uses(import)["email_sha256"].Should().Contain(ColumnUse.Join);
        blocked.Policy.Join.With.Should().BeEmpty();
        Uses(blocked)["email_sha256"].Should().NotContain(ColumnUse.Join);
    }

    [Fact]
    public void Column_control_list_grants_what_every_party_has()
    {
        var import = Import(PeerFormat.Scql, """
            -- what the agency and the publisher may do
            GRANT SELECT PLAINTEXT_AFTER_JOIN(user_id), PLAINTEXT_AFTER_GROUP_BY(region, segment), PLAINTEXT_AFTER_AGGREGATE(ltv) ON brand.customers TO agency;
            GRANT SELECT PLAINTEXT_AFTER_JOIN(user_id), PLAINTEXT_AFTER_GROUP_BY(region), ENCRYPTED_ONLY(vip) ON brand.customers TO "pub";
            GRANT SELECT PLAINTEXT(region) ON brand.customers TO stranger;
            """);

        import.Policy.Analysts.Should().BeEquivalentTo("agency", "pub");
        Uses(import).Should().BeEquivalentTo(new Dictionary<string, ColumnUse[]>
        {
            ["user_id"] = [ColumnUse.Join], ["region"] = [ColumnUse.Group],
        });
        Rules(import.Notes, ImportOutcome.NotKept).Should().Equal(
            "TO 'stranger'", "PLAINTEXT_AFTER_GROUP_BY(segment)", "PLAINTEXT_AFTER_AGGREGATE(ltv)");
    }

    [Fact]
    public void Plain_text_grant_never_becomes_rows()
    {
        var import = Import(PeerFormat.Scql, "GRANT SELECT PLAINTEXT(region, ltv, user_id) ON brand.customers TO agency");

        Uses(import)["region"].Should().Equal(ColumnUse.Join, ColumnUse.Group, ColumnUse.Filter, ColumnUse.CountDistinct);
        Uses(import)["ltv"].Should().Equal(ColumnUse.Group, ColumnUse.Filter, ColumnUse.Sum, ColumnUse.Avg, ColumnUse.CountDistinct);
        Uses(import)["user_id"].Should().Equal(ColumnUse.Join, ColumnUse.CountDistinct);
        import.Policy.Tier.Should().Be(PolicyTier.Threshold);
    }

    [Theory]
    [InlineData(PeerFormat.AwsCleanRooms, "[]")]
    [InlineData(PeerFormat.AwsCleanRooms, "{\"a\":1,\"a\":2}")]
    [InlineData(PeerFormat.AwsCleanRooms, "{\"v1\":{}}")]
    [InlineData(PeerFormat.AwsCleanRooms, "{")]
    [InlineData(PeerFormat.BigQuery, "{\"privacy_policy\":{}}")]
    [InlineData(PeerFormat.BigQuery, "{\"a\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}")]
    [InlineData(PeerFormat.Scql, "")]
    [InlineData(PeerFormat.Scql, "SELECT 1")]
    [InlineData(PeerFormat.Scql, "GRANT SELECT PLAINTEXT(region ON t TO agency")]
    public void What_is_no_rule_of_the_peer_is_refused(PeerFormat format, string text)
    {
        var refused = RuleImporter.Import(format, Encoding.UTF8.GetBytes(text), _draft, _draft.Datasets[0]);

        refused.IsAccepted.Should().BeFalse();
        refused.Refusals[0].Code.Should().BeOneOf(RefusalCode.JsonInvalid, RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Text_that_is_too_long_or_no_text_is_refused()
    {
        RuleImporter.Import(PeerFormat.Scql, new byte[RuleImporter.MaxBytes + 1], _draft, _draft.Datasets[0]).Refusals[0].Code
            .Should().Be(RefusalCode.DocumentTooLarge);
        RuleImporter.Import(PeerFormat.Scql, [0xff, 0xfe], _draft, _draft.Datasets[0]).Refusals[0].Code.Should().Be(RefusalCode.DocumentInvalid);
    }

    private static RuleImport Import(PeerFormat format, string text, Contract? draft = null)
    {
        var contract = draft ?? _draft;
        var dataset = contract.Datasets.Single(one => one.SqlName == "brand.customers");
        var import = RuleImporter.Import(format, Encoding.UTF8.GetBytes(text), contract, dataset).Value;
        var imported = contract with { Datasets = contract.Datasets.Replace(dataset, dataset with { Policy = import.Policy }) };
        ContractRules.Check(imported).Except(ContractRules.Check(contract)).Should().BeEmpty("an import breaks no rule of contracts");
        return import;
    }

    private static Dictionary<string, ColumnUse[]> Uses(RuleImport import) => import.Policy.Columns
        .Where(column => !column.Value.Uses.IsEmpty)
        .ToDictionary(column => column.Key, column => column.Value.Uses.ToArray());

    private static IEnumerable<string> Rules(IEnumerable<ImportNote> notes, ImportOutcome outcome) =>
        notes.Where(note => note.Outcome == outcome).Select(note => note.Rule);
}
