using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Tests.Contracts;

public class ContractRulesTests
{
    private const string People = "datasets[registry.people].policy";
    private const string Events = "datasets[hospital.events].policy";

    [Fact]
    public void Check_example_has_no_problem() => ContractRules.Check(ExampleContracts.Nafld()).Should().BeEmpty();

    [Fact]
    public void Check_strict_example_has_no_problem() => ContractRules.Check(ExampleContracts.Strict()).Should().BeEmpty();

    [Fact]
    public void Check_rich_example_has_no_problem() => ContractRules.Check(ExampleContracts.Rich()).Should().BeEmpty();

    [Theory]
    // Id, version, texts, life span.
    [InlineData("id", "\"AB49524561a0418ff87f52c504d5d77c\"", "id: 32 lower-case hex digits")]
    [InlineData("id", "\"ab\"", "id: 32 lower-case hex digits")]
    [InlineData("version", "0", "version: at least 1")]
    [InlineData("previous", "null", "previous: the digest of the version before")]
    [InlineData("version", "1", "previous: null for version 1")]
    [InlineData("version", "1", "carriesOver: empty for version 1")]
    [InlineData("title", "\"\"", "title: 1 to 200")]
    [InlineData("title", "\"a\\u202eb\"", "title: 1 to 200")]
    [InlineData("purpose", "\"a\\u001b[2Jb\"", "purpose: 1 to 4000")]
    [InlineData("expires", "\"2026-01-01T00:00:00.000Z\"", "expires: after notBefore")]
    [InlineData("recovery/k", "0", "recovery.k: a number from 1 to 3")]
    [InlineData("recovery/k", "4", "recovery.k: a number from 1 to 3")]
    [InlineData("carriesOver/0/dataset", "\"registry.nobody\"", "carriesOver: a dataset of this contract")]
    // Collaborators.
    [InlineData("collaborators/0/id", "\"Registry\"", "collaborators['Registry'].id: [a-z]")]
    [InlineData("collaborators/0/id", "\"select\"", "collaborators['select'].id: a word that is not reserved")]
    [InlineData("collaborators/0/id", "\"analyst\"", "collaborators['analyst'].id: a word that is not reserved")]
    [InlineData("collaborators/0/id", "\"hospital\"", "collaborators: each entry once")]
    [InlineData("collaborators/0/name", "\"\"", "collaborators['registry'].name: 1 to 200")]
    [InlineData("collaborators/0/rootKey", "\"BBBB\"", "collaborators['registry'].rootKey: 65 bytes")]
    // Datasets and schemas.
    [InlineData("datasets", "[]", "datasets: 1 to 256")]
    [InlineData("datasets/0/owner", "\"stranger\"", "datasets[stranger.people].owner: a collaborator")]
    [InlineData("datasets/0/name", "\"order\"", "datasets[registry.order].name: a word that is not reserved")]
    [InlineData("datasets/0/name", "\"2nd\"", "datasets['registry.2nd'].name: [a-z]")]
    [InlineData("datasets/0/schema/1/name", "\"id\"", "datasets[registry.people].schema: each entry once")]
    [InlineData("datasets/0/schema/1/name", "\"Age\"", "datasets[registry.people].schema: [a-z]")]
    [InlineData("datasets/0/schema/1/name", "\"rowid\"", "datasets[registry.people].schema: a word that is not reserved")]
    [InlineData("datasets/0/schema/1/name", "\"years\"", People + ".columns: an entry for 'years'")]
    [InlineData("datasets/0/schema/1/name", "\"years\"", People + ".columns: columns of the schema only")]
    // Unit.
    [InlineData("datasets/0/policy/unit/column", "\"person\"", People + ".unit.column: a column of the schema")]
    [InlineData("datasets/0/policy/unit/column", "\"age\"", People + ".unit.column: a column with the use join")]
    [InlineData("datasets/0/schema/0/nullable", "true", People + ".unit.column: a column that is not nullable")]
    [InlineData("datasets/0/policy/unit/domain", "\"Person\"", People + ".unit.domain: [a-z]")]
    [InlineData("datasets/0/policy/columns/id/type", "\"string\"", "datasets: one type and one normalise profile for all units")]
    [InlineData("datasets/0/policy/columns/id/uses/+", "\"group\"", People + ".columns['id'].uses: only join, count-distinct, list on the unit column")]
    [InlineData("datasets/0/policy/columns/id/uses/+", "\"filter\"", People + ".columns['id'].uses: only join, count-distinct, list on the unit column")]
    [InlineData("datasets/0/policy/columns/id/uses/+", "\"sum\"", People + ".columns['id'].uses: only join, count-distinct, list on the unit column")]
    [InlineData("datasets/0/policy/unit", "null", People + ".threshold.minUnits: 0, since the dataset protects nobody")]
    [InlineData("datasets/2/policy/unit", "null", Events + ".unit: a unit, since the tier is dp")]
    // Columns.
    [InlineData("datasets/0/policy/columns/age/uses/+", "\"group\"", People + ".columns['age'].uses: each entry once")]
    [InlineData("datasets/1/policy/columns/test/uses/+", "\"sum\"", "datasets[laboratory.tests].policy.columns['test'].uses: sum and avg on a number")]
    [InlineData("datasets/0/policy/columns/weight/uses/+", "\"join\"", People + ".columns['weight'].uses: join on an identifier")]
    [InlineData("datasets/0/policy/columns/age/uses/+", "\"list\"", People + ".columns['age'].uses: no use list outside the tier list")]
    [InlineData("datasets/0/policy/columns/weight/scale", "remove", People + ".columns['weight'].scale: a scale, since the type is decimal")]
    [InlineData("datasets/0/policy/columns/age/scale", "remove", People + ".columns['age'].scale: a scale, since sum or avg is granted")]
    [InlineData("datasets/0/policy/columns/weight/scale", "19", People + ".columns['weight'].scale: a number from 0 to 18")]
    [InlineData("datasets/0/policy/columns/weight/scale", "-1", People + ".columns['weight'].scale: a number from 0 to 18")]
    [InlineData("datasets/0/policy/columns/age/scale", "1", People + ".columns['age'].scale: a number from 0 to 0")]
    [InlineData("datasets/2/policy/columns/seen/scale", "0", Events + ".columns['seen'].scale: a scale on a number only")]
    [InlineData("datasets/0/policy/columns/weight/clamp", "remove", People + ".columns['weight'].clamp: bounds, since sum or avg")]
    [InlineData("datasets/2/policy/columns/seen/clamp", "{\"min\":\"0\",\"max\":\"1\"}", Events + ".columns['seen'].clamp: bounds on a number only")]
    [InlineData("datasets/0/policy/columns/weight/clamp/min", "\"301\"", People + ".columns['weight'].clamp: min at most max")]
    [InlineData("datasets/0/policy/columns/weight/clamp/min", "\"20.55\"", People + ".columns['weight'].clamp: at most 1 digits")]
    [InlineData("datasets/0/policy/columns/age/clamp/max", "\"2147483648\"", People + ".columns['age'].clamp: bounds within int32")]
    [InlineData("datasets/1/policy/columns/value/clamp/max", "\"100000000000000000000000\"", "datasets[laboratory.tests].policy.columns['value'].clamp: rows x fan-out")]
    [InlineData("datasets/0/policy/columns/age/domain/min", "\"-10\"", People + ".columns['age'].domain: values within clamp")]
    [InlineData("datasets/0/policy/columns/age/domain/min", "\"121\"", People + ".columns['age'].domain: min at most max")]
    [InlineData("datasets/0/policy/columns/age/domain/min", "remove", People + ".columns['age'].domain: both min and max")]
    [InlineData("datasets/0/policy/columns/age/domain/step", "\"0\"", People + ".columns['age'].domain: a step above 0")]
    [InlineData("datasets/0/policy/columns/age/domain/step", "\"7\"", People + ".columns['age'].domain: max on a step from min")]
    [InlineData("datasets/0/policy/columns/age/domain/step", "\"0.5\"", People + ".columns['age'].domain: a step above 0")]
    [InlineData("datasets/0/policy/columns/age/domain/values", "[\"1\"]", People + ".columns['age'].domain: either values or min and max")]
    [InlineData("datasets/0/policy/columns/age/domain", "{}", People + ".columns['age'].domain: either values or min and max")]
    [InlineData("datasets/0/policy/columns/male/domain/values", "[]", People + ".columns['male'].domain: 1 to 10000 values")]
    [InlineData("datasets/0/policy/columns/male/domain/values", "[\"0\",\"0\"]", People + ".columns['male'].domain: each entry once")]
    [InlineData("datasets/0/policy/columns/male/domain/values", "[\"0\",\"yes\"]", People + ".columns['male'].domain: values that are written as int32")]
    [InlineData("datasets/0/policy/columns/male/domain/values", "[\"0\",\"01\"]", People + ".columns['male'].domain: values that are written as int32")]
    [InlineData("datasets/1/policy/columns/test/domain", "{\"min\":\"0\",\"max\":\"1\"}", "datasets[laboratory.tests].policy.columns['test'].domain: a range on a number only")]
    [InlineData("datasets/0/policy/columns/age/grain", "\"0\"", People + ".columns['age'].grain: a number above 0")]
    [InlineData("datasets/0/policy/columns/age/grain", "\"-5\"", People + ".columns['age'].grain: a number above 0")]
    [InlineData("datasets/0/policy/columns/age/grain", "\"day\"", People + ".columns['age'].grain: a number above 0")]
    [InlineData("datasets/2/policy/columns/seen/grain", "\"10\"", Events + ".columns['seen'].grain: day, week or month")]
    [InlineData("datasets/1/policy/columns/test/grain", "\"day\"", "datasets[laboratory.tests].policy.columns['test'].grain: a grain on a number")]
    [InlineData("datasets/2/policy/columns/email/normalise", "\"email.mine.v1\"", Events + ".columns['email'].normalise: one of email.basic.v1")]
    [InlineData("datasets/2/policy/columns/seen/normalise", "\"email.basic.v1\"", Events + ".columns['seen'].normalise: a profile on a string")]
    [InlineData("datasets/0/policy/columns/weight/public", "true", People + ".columns['weight'].public: a domain and the use group")]
    // Tier, join, threshold, budgets.
    [InlineData("datasets/0/policy/tier", "\"dp\"", People + ".dp: rules, since the tier is dp")]
    [InlineData("datasets/2/policy/tier", "\"threshold\"", Events + ".dp: null, since the tier is not dp")]
    [InlineData("datasets/0/policy/tier", "\"list\"", People + ".columns: a column with the use list")]
    [InlineData("datasets/0/policy/tier", "\"list\"", People + ".columns['age'].uses: only join, filter, list on a column of the tier list")]
    [InlineData("datasets/0/policy/join/with/+", "\"stranger\"", People + ".join.with: a collaborator of this contract")]
    [InlineData("datasets/0/policy/join/with/+", "\"hospital\"", People + ".join.with: each entry once")]
    [InlineData("datasets/0/policy/join/required/+", "\"stranger\"", People + ".join.required: a collaborator of this contract")]
    [InlineData("datasets/0/policy/join/required", "[\"analyst\",\"analyst\"]", People + ".join.required: each entry once")]
    [InlineData("datasets/0/policy/join/required", "[\"registry\"]", People + ".join.required: collaborators other than the owner")]
    [InlineData("datasets/2/policy/join/with", "[\"laboratory\"]", Events + ".join.required: collaborators that 'with' allows")]
    [InlineData("datasets/0/policy/join/maxRowsPerUnit", "0", People + ".join.maxRowsPerUnit: a number from 1")]
    [InlineData("datasets/0/policy/join/maxFanout", "0", People + ".join.maxFanout: a number from 1")]
    [InlineData("datasets/1/policy/join/maxFanout", "599", "datasets[laboratory.tests].policy.join.maxFanout: at least maxRowsPerUnit 600")]
    [InlineData("datasets/0/policy/threshold/minUnits", "9", People + ".threshold.minUnits: a number from 10")]
    [InlineData("datasets/0/policy/threshold/dominancePercent", "0", People + ".threshold.dominancePercent: a number from 1 to 100")]
    [InlineData("datasets/0/policy/threshold/maxCells", "0", People + ".threshold.maxCells: a number from 1")]
    [InlineData("datasets/2/policy/dp/epsilon", "\"0\"", Events + ".dp.epsilon: above 0")]
    [InlineData("datasets/2/policy/dp/maxEpsilonPerQuery", "\"5\"", Events + ".dp.maxEpsilonPerQuery: above 0 and at most epsilon 4")]
    [InlineData("datasets/2/policy/dp/delta", "\"0.0000011\"", Events + ".dp.delta: above 0 and at most 0.000001")]
    [InlineData("datasets/2/policy/dp/delta", "\"0\"", Events + ".dp.delta: above 0 and at most 0.000001")]
    [InlineData("datasets/2/policy/dp/epsilon", "\"4097\"", Events + ".dp.epsilon: above 0 and at most 4096")]
    [InlineData("datasets/2/policy/dp/delta", "\"-1\"", Events + ".dp.delta: above 0 and at most 0.000001")]
    [InlineData("datasets/2/policy/dp/maxGroupsPerUnit", "0", Events + ".dp.maxGroupsPerUnit: a number from 1")]
    [InlineData("datasets/0/policy/access/queriesLifetime", "0", People + ".access.queriesLifetime: a number from 1")]
    [InlineData("datasets/0/policy/access/queriesLifetime", "2147483647", People + ".access.queriesLifetime: a number from 1 to 1000000")]
    [InlineData("datasets/0/policy/access/queriesPerDay", "0", People + ".access.queriesPerDay: from 1 to queriesLifetime")]
    [InlineData("datasets/0/policy/access/queriesPerDay", "1001", People + ".access.queriesPerDay: from 1 to queriesLifetime")]
    [InlineData("datasets/0/policy/receivers/+", "\"stranger\"", People + ".receivers: a collaborator of this contract")]
    [InlineData("datasets/0/policy/analysts/+", "\"stranger\"", People + ".analysts: a collaborator of this contract")]
    // Templates.
    [InlineData("templates/1/name", "\"mean-by-status\"", "templates: each entry once")]
    [InlineData("templates/1/name", "\"Events\"", "templates['Events'].name: [a-z]")]
    [InlineData("templates/1/description", "\"\"", "templates['events-by-sex'].description: 1 to 1000")]
    [InlineData("templates/1/sql", "\"\"", "templates['events-by-sex'].sql: 1 to 65536")]
    [InlineData("templates/1/sql", "\"SELECT $x\"", "templates['events-by-sex'].sql: declared parameters only")]
    [InlineData("templates/0/sql", "\"SELECT '$test', $least\"", "templates['mean-by-status'].sql: a use of the parameter '$test'")]
    [InlineData("templates/0/sql", "\"SELECT \\\"$test\\\", $least\"", "templates['mean-by-status'].sql: a use of the parameter '$test'")]
    [InlineData("templates/0/parameters/0/name", "\"Test\"", "templates['mean-by-status'].parameters['Test'].name: [a-z]")]
    [InlineData("templates/0/parameters/1/name", "\"test\"", "templates['mean-by-status'].parameters: each entry once")]
    [InlineData("templates/0/parameters/0/values", "remove", "templates['mean-by-status'].parameters['test']: values, or min and max")]
    [InlineData("templates/0/parameters/0/min", "\"1\"", "templates['mean-by-status'].parameters['test']: either values or min and max")]
    [InlineData("templates/0/parameters/0/type", "\"sha256\"", "templates['mean-by-status'].parameters['test'].type: no identifier")]
    [InlineData("templates/0/parameters/0/values", "[]", "templates['mean-by-status'].parameters['test']: 1 to 10000 values")]
    [InlineData("templates/0/parameters/1/max", "\"105\"", "templates['mean-by-status'].parameters['least']: max on a step from min")]
    // Approval and output.
    [InlineData("approval/quorum/0/members", "0", "approval.quorum['laboratory'].members: a number from 1")]
    [InlineData("approval/quorum/0/collaborator", "\"stranger\"", "approval.quorum: a collaborator of this contract")]
    [InlineData("approval/quorum/0/collaborator", "\"registry\"", "approval.quorum: each entry once")]
    [InlineData("approval/standing/0/collaborator", "\"stranger\"", "approval.standing['stranger'].collaborator: a collaborator")]
    [InlineData("approval/standing/0/analysts", "[]", "approval.standing['hospital'].analysts: at least one")]
    [InlineData("approval/standing/0/analysts", "[\"stranger\"]", "approval.standing['hospital'].analysts: a collaborator")]
    [InlineData("approval/standing/0/maxRuns", "0", "approval.standing['hospital'].maxRuns: a number from 1")]
    [InlineData("templates/1/sql", "\"SELECT 1\"", "approval.standing['hospital'].templateDigest: the digest of a template")]
    [InlineData("output/formats", "[]", "output.formats: at least one")]
    [InlineData("output/formats", "[\"csv\",\"csv\"]", "output.formats: each entry once")]
    [InlineData("output/maxRows", "0", "output.maxRows: a number from 1 to 1000000")]
    [InlineData("output/maxRows", "1000001", "output.maxRows: a number from 1 to 1000000")]
    [InlineData("output/retentionDays", "0", "output.retentionDays: a number from 1")]
    [InlineData("output/answerEveryMs", "99", "output.answerEveryMs: a number from 100 to 3600000")]
    [InlineData("output/answerEveryMs", "3600001", "output.answerEveryMs: a number from 100 to 3600000")]
    // Attestation.
    [InlineData("attestation/accepted", "[]", "attestation.accepted: 1 to 256")]
    [InlineData("attestation/accepted/0/tee", "\"simulated\"", "attestation.accepted[0].tee: a real TEE, unless allowInsecure")]
    [InlineData("attestation/accepted/0/tee", "\"SNP\"", "attestation.accepted[0].tee: [a-z]")]
    [InlineData("attestation/accepted/0/debug", "true", "attestation.accepted[0].debug: false, unless allowInsecure")]
    [InlineData("attestation/accepted/0/values", "{}", "attestation.accepted[0].values: at least one reference value")]
    [InlineData("attestation/accepted/0/values/measurement", "\"ABCD\"", "attestation.accepted[0].values['measurement']: lower-case hex")]
    [InlineData("attestation/accepted/0/values/measurement", "\"\"", "attestation.accepted[0].values['measurement']: lower-case hex")]
    [InlineData("attestation/accepted/0/values/tcbStatus", "\"\"", "attestation.accepted[0].values['tcbStatus']: 1 to 1024 printable")]
    [InlineData("attestation/accepted/0/values/tcbStatus", "\"Up\\nToDate\"", "attestation.accepted[0].values['tcbStatus']: 1 to 1024 printable")]
    [InlineData("attestation/accepted/0/values/m-x", "\"ab\"", "attestation.accepted[0].values: claim names")]
    [InlineData("attestation/accepted/0/minimumTcb/microcode", "-1", "attestation.accepted[0].minimumTcb: component names")]
    [InlineData("attestation/accepted/0/chipIds", "[]", "attestation.accepted[0].chipIds: chips in lower-case hex")]
    [InlineData("attestation/accepted/0/chipIds", "[\"any\",\"ab\"]", "attestation.accepted[0].chipIds: chips in lower-case hex")]
    [InlineData("attestation/accepted/0/anchors", "[]", "attestation.accepted[0].anchors: at least one root to pin")]
    [InlineData("attestation/codeEndorsers/+", "\"AAAA\"", "attestation.codeEndorsers: 65 bytes")]
    public void Check_one_fault_names_its_path_and_rule(string path, string value, string wanted)
    {
        var contract = ExampleContracts.Read(ExampleContracts.With(ExampleContracts.RichJson(), path, value));

        var refusals = ContractRules.Check(contract);

        refusals.Should().Contain(refusal => refusal.Wanted.StartsWith(wanted, StringComparison.Ordinal));
        refusals.Should().OnlyContain(refusal => refusal.Code == RefusalCode.ContractInvalid && refusal.Got.Length > 0);
    }

    [Fact]
    public void Check_tier_list_has_a_unit_and_names_its_receivers()
    {
        Refused(policy => policy).Should().BeEmpty();
        Refused(policy => policy with { Unit = null }).Should().Contain(People + ".unit: a unit, since the tier is list");
        Refused(policy => policy with { Receivers = [] }).Should().Equal(People + ".receivers: at least one receiver, since the tier is list");
        Refused(policy => policy with { Threshold = policy.Threshold with { MinUnits = 0 } }).Should().ContainSingle(wanted => wanted.StartsWith(People + ".threshold.minUnits: ", StringComparison.Ordinal));

        static IEnumerable<string> Refused(Func<DatasetPolicy, DatasetPolicy> change)
        {
            var contract = ExampleContracts.Nafld();
            var people = contract.Datasets[0];
            var columns = people.Policy.Columns.ToImmutableSortedDictionary(
                pair => pair.Key, pair => pair.Value with { Uses = pair.Key == "id" ? [ColumnUse.Join, ColumnUse.List] : [], Public = false }, StringComparer.Ordinal);
            var policy = change(people.Policy with { Tier = PolicyTier.List, Columns = columns });
            return ContractRules.Check(contract with { Datasets = contract.Datasets.SetItem(0, people with { Policy = policy }) }).Select(refusal => refusal.Wanted);
        }
    }

    [Fact]
    public void Policy_in_a_file_obeys_the_rules_of_a_contracts()
    {
        var policy = ExampleContracts.StrictJson()["attestation"]!;
        DocumentCodec.PolicyFromPerson(Encoding.UTF8.GetBytes(policy.ToJsonString())).IsAccepted.Should().BeTrue();

        policy["accepted"]![0]!["anchors"] = new JsonArray();
        policy["accepted"]![0]!["chipIds"] = new JsonArray("any", "00");

        DocumentCodec.PolicyFromPerson(Encoding.UTF8.GetBytes(policy.ToJsonString())).Refusals.Select(refusal => refusal.Wanted.Split(':')[0])
            .Should().Equal("attestation.accepted[0].chipIds", "attestation.accepted[0].anchors");
    }

    [Theory]
    [InlineData("SELECT 1 -- $test", "a comment")]
    [InlineData("SELECT 1 /* $test */", "a comment")]
    [InlineData("SELECT $$ $test $$", "a '$' without a name")]
    [InlineData("SELECT $q$ $test $q$", "a dollar quote")]
    [InlineData("SELECT e'\\' $test '", "a string with a prefix")]
    [InlineData("SELECT ?", "a parameter without a name")]
    [InlineData("SELECT $1", "a '$' without a name")]
    [InlineData("SELECT 1; SELECT 2", "a ';'")]
    [InlineData("SELECT 'open", "an open quote")]
    public void Check_template_text_that_hides_parameters_is_refused(string sql, string got)
    {
        var json = ExampleContracts.StrictJson();
        json["templates"]![0]!["sql"] = sql;

        var refusals = ContractRules.Check(ExampleContracts.Read(json));

        refusals.Should().Contain(refusal =>
            refusal.Wanted.StartsWith("templates['mean-by-status'].sql: one statement without comments", StringComparison.Ordinal) && refusal.Got == got);
    }

    [Theory]
    [InlineData("r.id = $test")]
    [InlineData("$test = r.id")]
    [InlineData("r.id IN (1, $test)")]
    [InlineData("r.\"id\" BETWEEN 1 AND $test")]
    [InlineData("r.id NOT IN ($test)")]
    public void Check_template_parameter_on_a_unit_column_is_refused(string condition)
    {
        var refusals = ContractRules.Check(WithCondition(condition));

        refusals.Should().Contain(refusal => refusal.Wanted.Contains("no parameter on a unit column", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("t.test = $test AND r.id = t.id")]
    [InlineData("r.id = t.id AND $test = t.test")]
    [InlineData("t.test IN ('it''s', $test)")]
    public void Check_template_parameter_beside_a_unit_column_is_accepted(string condition) =>
        ContractRules.Check(WithCondition(condition)).Should().BeEmpty();

    [Fact]
    public void Check_one_key_for_two_collaborators_is_refused()
    {
        var json = ExampleContracts.StrictJson();
        json["collaborators"]![2]!["rootKey"] = json["collaborators"]![0]!["rootKey"]!.GetValue<string>();

        var refusals = ContractRules.Check(ExampleContracts.Read(json));

        refusals.Should().ContainSingle().Which.Got.Should().Be("one key for 'registry' and 'hospital'");
    }

    [Fact]
    public void Check_one_collaborator_is_too_few()
    {
        var contract = ExampleContracts.Strict();
        contract = contract with { Collaborators = [contract.Collaborators[0]] };

        ContractRules.Check(contract).Should().Contain(refusal => refusal.Wanted == "collaborators: 2 to 64" && refusal.Got == "1");
    }

    [Fact]
    public void Check_same_tuple_twice_is_refused()
    {
        var contract = ExampleContracts.Strict();
        var tuple = contract.Attestation.Accepted[0];
        contract = contract with { Attestation = contract.Attestation with { Accepted = [tuple, tuple with { Tee = tuple.Tee }] } };

        ContractRules.Check(contract).Should().ContainSingle().Which.Wanted.Should().Be("attestation.accepted[1]: each tuple once");
    }

    [Fact]
    public void Check_unknown_enum_values_are_refused_everywhere()
    {
        var contract = ExampleContracts.Strict();
        var dataset = contract.Datasets[0];
        var column = dataset.Policy.Columns["status"];
        var columns = dataset.Policy.Columns.SetItem("status", column with { Type = (ColumnType)99, Uses = [(ColumnUse)99] });
        contract = contract with
        {
            Rollback = (RollbackDefence)99,
            Approval = contract.Approval with { Contract = (ContractApproval)99 },
            Output = contract.Output with { Formats = [(OutputFormat)99] },
            Datasets = [dataset with
            {
                Policy = dataset.Policy with
                {
                    Tier = (PolicyTier)99,
                    Approval = (QueryApproval)99,
                    Columns = columns,
                    Threshold = dataset.Policy.Threshold with { History = (HistoryRule)99 },
                },
            }],
        };

        var wanted = ContractRules.Check(contract).Select(refusal => refusal.Wanted).ToList();

        foreach (var type in new[] { "RollbackDefence", "ContractApproval", "OutputFormat", "PolicyTier", "QueryApproval", "ColumnType", "ColumnUse", "HistoryRule" })
        {
            wanted.Should().Contain(text => text.EndsWith($"a known value of {type}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Check_several_faults_are_all_reported()
    {
        var json = ExampleContracts.StrictJson();
        json["title"] = "";
        json["output"]!["maxRows"] = 0;
        json["datasets"]![1]!["policy"]!["threshold"]!["minUnits"] = 1;

        ContractRules.Check(ExampleContracts.Read(json)).Should().HaveCount(3);
    }

    [Theory]
    [InlineData("datasets/0/policy/threshold/minUnits", "1")]
    [InlineData("datasets/0/policy/access/queriesLifetime", "2147483647")]
    [InlineData("datasets/2/policy/dp/delta", "\"0.01\"")]
    [InlineData("attestation/accepted/0/debug", "true")]
    [InlineData("attestation/accepted/0/tee", "\"simulated\"")]
    public void Check_floors_give_way_only_to_allow_insecure(string path, string value)
    {
        var json = ExampleContracts.With(ExampleContracts.RichJson(), path, value);

        ContractRules.Check(ExampleContracts.Read(json)).Should().ContainSingle();

        json["allowInsecure"] = true;
        ContractRules.Check(ExampleContracts.Read(json)).Should().BeEmpty();
    }

    [Fact]
    public void Check_messages_show_no_control_characters()
    {
        var json = ExampleContracts.StrictJson();
        json["collaborators"]![0]!["id"] = "a\u001b[31m\u202e" + new string('x', 500);

        var refusals = ContractRules.Check(ExampleContracts.Read(json));

        refusals.Should().NotBeEmpty();
        refusals.Select(refusal => refusal.ToString()).Should().OnlyContain(text => !text.Any(char.IsControl) && !text.Contains('\u202e') && text.Length < 600);
    }

    private static Contract WithCondition(string condition)
    {
        var json = ExampleContracts.StrictJson();
        json["templates"]![0]!["sql"] =
            $"SELECT r.status, count(*) FROM registry.people r JOIN laboratory.tests t ON r.id = t.id WHERE {condition} GROUP BY r.status";
        return ExampleContracts.Read(json);
    }
}
