using System.Text.Json.Nodes;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Tests.Contracts;

public class ContractDiffTests
{
    [Fact]
    public void Compare_same_document_says_nothing() =>
        ContractDiff.Compare(ExampleContracts.Rich(), ExampleContracts.Rich()).Should().BeEmpty();

    [Theory]
    [InlineData("datasets/2/policy/threshold/minUnits", "20", ChangeKind.Loosens, "hospital", "hospital lowers the threshold of hospital.events from 50 to 20 people: LOOSENS")]
    [InlineData("datasets/2/policy/threshold/minUnits", "80", ChangeKind.Tightens, "hospital", "hospital raises the threshold of hospital.events from 50 to 80 people: TIGHTENS")]
    [InlineData("datasets/2/policy/threshold/history", "\"off\"", ChangeKind.Loosens, "hospital", "hospital switches the history audit of hospital.events off: LOOSENS")]
    [InlineData("datasets/2/policy/threshold/dominancePercent", "null", ChangeKind.Loosens, "hospital", "hospital removes the dominance rule of hospital.events, which was 10 percent: LOOSENS")]
    [InlineData("datasets/2/policy/dp/epsilon", "\"5\"", ChangeKind.Loosens, "hospital", "hospital raises the lifetime epsilon of hospital.events from 4 to 5: LOOSENS")]
    [InlineData("datasets/2/policy/dp/refresh", "\"dataset-version\"", ChangeKind.Loosens, "hospital", "hospital changes when the budget of hospital.events begins anew from none to dataset-version: LOOSENS")]
    [InlineData("datasets/2/policy/tier", "\"threshold\"", ChangeKind.Loosens, "hospital", "hospital moves hospital.events from the tier dp to the tier threshold: LOOSENS")]
    [InlineData("datasets/0/policy/unit", "null", ChangeKind.Loosens, "registry", "registry.people no longer protects anybody; before it protected the people in the column id: LOOSENS")]
    [InlineData("datasets/0/policy/unit/domain", "\"person-v2\"", ChangeKind.Loosens, "registry", "registry changes the domain whose budget registry.people shares from 'person-v1' to 'person-v2': LOOSENS")]
    [InlineData("datasets/0/policy/columns/case_id/uses/+", "\"group\"", ChangeKind.Loosens, "registry", "registry adds group to the uses of registry.people.case_id: LOOSENS")]
    [InlineData("datasets/0/policy/columns/age/uses", "[\"group\",\"filter\"]", ChangeKind.Tightens, "registry", "registry removes avg from the uses of registry.people.age: TIGHTENS")]
    [InlineData("datasets/0/policy/columns/age/grain", "\"5\"", ChangeKind.Loosens, "registry", "the grain of registry.people.age goes from '10' to '5': LOOSENS")]
    [InlineData("datasets/0/policy/columns/age/grain", "remove", ChangeKind.Loosens, "registry", "the grain of registry.people.age goes from '10' to none: LOOSENS")]
    [InlineData("datasets/2/policy/columns/seen/grain", "\"month\"", ChangeKind.Tightens, "hospital", "the grain of hospital.events.seen goes from 'week' to 'month': TIGHTENS")]
    [InlineData("datasets/0/policy/columns/age/clamp/max", "\"130\"", ChangeKind.Loosens, "registry", "registry raises the upper bound of registry.people.age from 120 to 130: LOOSENS")]
    [InlineData("datasets/0/policy/columns/weight/scale", "2", ChangeKind.Loosens, "registry", "registry raises the digits after the point of registry.people.weight from 1 to 2: LOOSENS")]
    [InlineData("datasets/0/policy/join/with", "[\"laboratory\"]", ChangeKind.Tightens, "registry", "registry removes 'hospital' from those with whose data registry.people may be joined: TIGHTENS")]
    [InlineData("datasets/2/policy/join/required", "[\"registry\"]", ChangeKind.Loosens, "hospital", "hospital removes 'analyst' from those with whose data hospital.events must be joined: LOOSENS")]
    [InlineData("datasets/1/policy/join/maxRowsPerUnit", "500", ChangeKind.Tightens, "laboratory", "laboratory lowers the cap of rows per person in laboratory.tests from 600 to 500: TIGHTENS")]
    [InlineData("datasets/0/policy/access/queriesLifetime", "2000", ChangeKind.Loosens, "registry", "registry raises the lifetime cap of queries on registry.people from 1000 to 2000: LOOSENS")]
    [InlineData("datasets/0/policy/receivers/+", "\"laboratory\"", ChangeKind.Loosens, "registry", "registry adds 'laboratory' to those who may receive answers from registry.people: LOOSENS")]
    [InlineData("datasets/0/policy/analysts", "[\"registry\"]", ChangeKind.Tightens, "registry", "registry removes 'hospital' from those who may ask about registry.people: TIGHTENS")]
    [InlineData("datasets/0/policy/approval", "\"none\"", ChangeKind.Loosens, "registry", "registry changes which queries on registry.people it approves from template to none: LOOSENS")]
    [InlineData("datasets/0/policy/approval", "\"each\"", ChangeKind.Tightens, "registry", "registry changes which queries on registry.people it approves from template to each: TIGHTENS")]
    [InlineData("collaborators/1/rootKey", "\"BBBB\"", ChangeKind.Loosens, "laboratory", "laboratory changes the root key that speaks for it from")]
    [InlineData("templates/0/sql", "\"SELECT 1\"", ChangeKind.Loosens, "all", "the new version changes the question that the template 'mean-by-status' asks: LOOSENS")]
    [InlineData("approval/quorum/0/members", "1", ChangeKind.Loosens, "laboratory", "laboratory lowers the number of its members that must approve a query from 2 to 1 people: LOOSENS")]
    [InlineData("approval/quorum", "[]", ChangeKind.Loosens, "laboratory", "laboratory lowers the number of its members that must approve a query from 2 to 1 people: LOOSENS")]
    [InlineData("approval/standing", "[]", ChangeKind.Tightens, "hospital", "hospital takes back its standing approval for the template 'events-by-sex': TIGHTENS")]
    [InlineData("approval/standing/0/maxRuns", "21", ChangeKind.Loosens, "hospital", "hospital raises the runs that its standing approval for the template 'events-by-sex' covers from 20 to 21: LOOSENS")]
    [InlineData("output/answerEveryMs", "null", ChangeKind.Loosens, "all", "the new version removes the schedule that hides how long a query took, which was 1000 ms: LOOSENS")]
    [InlineData("output/maxRows", "10", ChangeKind.Tightens, "all", "the new version lowers the largest number of rows of an answer from 1000 to 10: TIGHTENS")]
    [InlineData("attestation/accepted/0/debug", "true", ChangeKind.Loosens, "all", "the new version switches DEBUG access, by which the operator reads everything, for sev-snp code with measurement f5fd38b99636... on: LOOSENS")]
    [InlineData("attestation/accepted/0/minimumTcb/microcode", "114", ChangeKind.Loosens, "all", "the new version lowers the least version of microcode for sev-snp code")]
    [InlineData("attestation/accepted/0/chipIds", "[\"ab\"]", ChangeKind.Tightens, "all", "the new version accepts only 1 named chips for sev-snp code")]
    [InlineData("attestation/accepted/0/values/measurement", "\"abcd\"", ChangeKind.Loosens, "all", "the new version lets sev-snp code with measurement abcd open the data: LOOSENS")]
    [InlineData("attestation/codeEndorsers", "[]", ChangeKind.Tightens, "all", "the new version removes")]
    [InlineData("attestation/codeEndorsers/+", "\"BBBB\"", ChangeKind.Tightens, "all", "the new version adds")]
    [InlineData("rollback", "\"none\"", ChangeKind.Loosens, "all", "the new version changes the defence against rollback from witnesses to none: LOOSENS")]
    [InlineData("recovery/k", "1", ChangeKind.Loosens, "all", "the new version lowers the number of collaborators that can together restore all keys")]
    [InlineData("recovery/k", "null", ChangeKind.Tightens, "all", "the new version removes the number of collaborators that can together restore all keys")]
    [InlineData("allowInsecure", "true", ChangeKind.Loosens, "all", "the new version switches INSECURE operation")]
    [InlineData("expires", "\"2037-01-01T00:00:00.000Z\"", ChangeKind.Loosens, "all", "the new version raises the end from 2036-01-01T00:00:00.000Z to 2037-01-01T00:00:00.000Z: LOOSENS")]
    [InlineData("purpose", "\"Marketing.\"", ChangeKind.Loosens, "all", "the new version changes the purpose that the data may serve; it now reads Marketing.: LOOSENS")]
    [InlineData("title", "\"Another\"", ChangeKind.Neutral, "all", "the new version changes the title from 'NAFLD cohort: three institutions, one answer' to 'Another': NEUTRAL")]
    public void Compare_one_change_is_said_in_words(string path, string value, ChangeKind kind, string concerns, string sentence)
    {
        var changes = Compare(path, value);

        changes.Should().Contain(change =>
            change.Kind == kind && change.Concerns == concerns && change.Sentence.StartsWith(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_first_code_endorser_loosens_and_one_of_several_that_goes_too()
    {
        var none = ExampleContracts.Nafld();
        Contract With(params string[] keys) => none with
        {
            Attestation = none.Attestation with { CodeEndorsers = [.. keys.Select(key => CleanRoom.TestKit.Collaborations.Es256TestKey.Named(key).PublicKey)] },
        };
        static ChangeKind Of(Contract before, Contract after) =>
            ContractDiff.Compare(before, after).Where(change => change.Path == "attestation.codeEndorsers").Select(change => change.Kind).Distinct().Single();

        Of(none, With("a")).Should().Be(ChangeKind.Loosens, "a way opens that there was not");
        Of(With("a", "b"), With("a")).Should().Be(ChangeKind.Loosens, "one key alone endorses now, where two had to");
        Of(With("a"), With("a", "b")).Should().Be(ChangeKind.Tightens);
        Of(With("a", "b"), none).Should().Be(ChangeKind.Tightens);
    }

    [Fact]
    public void Compare_every_member_of_a_contract_is_covered()
    {
        var before = ExampleContracts.Rich();
        var silent = new List<string>();
        var untried = new List<string>();
        foreach (var path in Paths(ExampleContracts.RichJson(), string.Empty).Where(IsFirstOfItsKind))
        {
            var tried = 0;
            foreach (var after in Variants(path).Take(3))
            {
                tried++;
                var changes = ContractDiff.Compare(before, after);
                if (changes.IsEmpty || changes.Any(change => change.Path == "contract"))
                {
                    silent.Add(path);
                }
            }

            // An object is covered by its members.
            if (tried == 0 && At(_rich, path) is not JsonObject)
            {
                untried.Add(path);
            }
        }

        silent.Should().BeEmpty();
        untried.Should().BeEquivalentTo("type", "approval/contract");
    }

    [Fact]
    public void Compare_removed_collaborator_and_dataset_are_said()
    {
        var before = ExampleContracts.Rich();
        var after = before with { Collaborators = before.Collaborators.RemoveAt(2), Datasets = before.Datasets.RemoveAt(2) };

        ContractDiff.Compare(before, after).Select(change => change.Sentence).Should().Equal(
            "the new version removes 'hospital' from the collaborators: TIGHTENS",
            "hospital no longer brings the dataset hospital.events: TIGHTENS");
    }

    [Theory]
    [InlineData("datasets/2/policy/threshold/minUnits", "80", "rows need more people behind them")]
    [InlineData("datasets/2/policy/threshold/minUnits", "20", "rows about fewer people may leave")]
    [InlineData("datasets/0/policy/columns/case_id/uses/+", "\"group\"", "more may be done with the column")]
    [InlineData("datasets/2/policy/dp/epsilon", "\"5\"", "more may be learnt about each person in all")]
    [InlineData("attestation/accepted/0/values/measurement", "\"abcd\"", "more code may open the data")]
    [InlineData("collaborators/1/rootKey", "\"BBBB\"", "somebody else may decide who acts for it")]
    [InlineData("templates/0/sql", "\"SELECT 1\"", "the agreed question is another")]
    [InlineData("title", "\"Another\"", "it changes neither what may be asked nor what leaves")]
    public void Reason_of_a_change_says_what_it_does(string path, string value, string reason) =>
        Compare(path, value).Should().Contain(change => change.Reason == reason && change.Sentence == $"{change.What}: {change.Kind.ToString().ToUpperInvariant()}");

    [Fact]
    public void Every_loosening_that_can_be_made_has_a_reason_of_its_own()
    {
        var before = ExampleContracts.Rich();
        var silent = Paths(ExampleContracts.RichJson(), string.Empty).Where(IsFirstOfItsKind)
            .SelectMany(path => Variants(path).Take(3)).SelectMany(after => ContractDiff.Compare(before, after))
            .Where(change => change.Kind == ChangeKind.Loosens && change.Reason.Contains("cannot be told", StringComparison.Ordinal))
            .Select(change => change.Path).Distinct();

        silent.Should().BeSubsetOf(["id"], "another id is another contract");
    }

    [Fact]
    public void CompareTexts_lists_unknown_members_wherever_they_are_and_never_ignores_them()
    {
        var before = ExampleContracts.RichJson();
        before["same"] = 1;
        before["gone"] = 1;
        before["datasets"]![0]!["policy"]!["colour"] = "red";
        var after = ExampleContracts.RichJson();
        after["same"] = 1;
        after["later"] = true;
        after["datasets"]![0]!["policy"]!["colour"] = "blue";
        after["datasets"]![0]!["policy"]!["threshold"]!["minUnits"] = 20;

        var changes = ContractDiff.CompareTexts(Utf8(before), Utf8(after)).Value;

        changes.Select(change => (change.Kind, change.Path)).Should().BeEquivalentTo(
        [
            (ChangeKind.Loosens, "datasets[registry.people].policy.threshold.minUnits"), (ChangeKind.Loosens, "$.datasets[0].policy.colour"),
            (ChangeKind.Loosens, "$.gone"), (ChangeKind.Loosens, "$.later"),
        ]);
        changes.Single(change => change.Path == "$.gone").Sentence.Should().Be("the new version removes $.gone, which this program does not know: LOOSENS");
        ContractDiff.CompareTexts(Utf8(before), Utf8(before)).Value.Should().BeEmpty();
    }

    [Fact]
    public void CompareTexts_refuses_what_is_no_contract()
    {
        var broken = ExampleContracts.RichJson();
        broken.AsObject().Remove("title");

        ContractDiff.CompareTexts(Utf8(ExampleContracts.RichJson()), Utf8(broken)).Refusals.Should().ContainSingle(refusal => refusal.Wanted == "the member $.title");
        ContractDiff.CompareTexts("[]"u8, Utf8(broken)).IsAccepted.Should().BeFalse();
    }

    private static byte[] Utf8(JsonNode json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());

    private static System.Collections.Immutable.ImmutableArray<ContractChange> Compare(string path, string value) => ContractDiff.Compare(
        ExampleContracts.Rich(), ExampleContracts.Read(ExampleContracts.With(ExampleContracts.RichJson(), path, value)));

    private static IEnumerable<string> Paths(JsonNode? node, string path)
    {
        var prefix = path.Length == 0 ? path : path + "/";
        if (path.Length > 0)
        {
            yield return path;
        }

        var inner = node switch
        {
            JsonObject o => o.SelectMany(member => Paths(member.Value, prefix + member.Key)),
            JsonArray a => a.SelectMany((item, index) => Paths(item, $"{prefix}{index}")),
            _ => [],
        };
        foreach (var one in inner)
        {
            yield return one;
        }
    }

    // The datasets differ in their rules; entries of the other lists are alike, so the first stands for all.
    private static bool IsFirstOfItsKind(string path) =>
        path.Split('/').Where(step => char.IsAsciiDigit(step[0])).Skip(path.StartsWith("datasets", StringComparison.Ordinal) ? 1 : 0).All(step => step == "0")
        && !path.StartsWith("datasets/1/", StringComparison.Ordinal);

    // Every way in which the value at a path can differ and still be a document.
    private static IEnumerable<Contract> Variants(string path)
    {
        foreach (var change in Changes(At(_rich, path)))
        {
            var json = _rich.DeepClone();
            if (change(json, path) && ExampleContracts.TryRead(json).TryGet(out var contract, out _) && DocumentCodec.DigestOf(contract) != _original)
            {
                yield return contract;
            }
        }
    }

    private static readonly JsonNode _rich = ExampleContracts.RichJson();
    private static readonly Digest _original = DocumentCodec.DigestOf(ExampleContracts.Rich());

    private static string[] Candidates(JsonNode? value) => value switch
    {
        null => ["5", "{\"epsilon\":\"4\",\"delta\":\"0\",\"maxEpsilonPerQuery\":\"1\",\"maxGroupsPerUnit\":2,\"refresh\":\"none\"}"],
        JsonObject => ["null", "remove", "{\"values\":[\"7\"]}"],
        JsonArray => ["[]", "[\"7\"]", "[\"group\"]"],
        _ when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => ["5", "null", "remove"],
        _ when value.GetValueKind() == System.Text.Json.JsonValueKind.String => _texts,
        _ => ["true", "false", "remove"],
    };

    // One of them is another value for any text member: a name, a number, each enumeration, a time, bytes, a digest.
    private static readonly string[] _texts =
    [
        "\"other\"", "\"7\"", "\"list\"", "\"none\"", "\"each\"", "\"csv\"", "\"sum\"", "\"string\"", "\"int64\"", "\"off\"", "\"dataset-version\"",
        "\"2031-05-05T00:00:00.000Z\"", "\"AAAA\"", "\"" + new string('9', 64) + "\"", "remove",
    ];

    private static IEnumerable<Func<JsonNode, string, bool>> Changes(JsonNode? value) =>
    [
        .. Candidates(value).Select(text => (Func<JsonNode, string, bool>)((json, path) => Replace(json, path, text))),
        Reverse,
        Shorten,
    ];

    private static bool Replace(JsonNode json, string path, string value)
    {
        // An array has no member to take away.
        if (value == "remove" && char.IsAsciiDigit(path[path.LastIndexOf('/') + 1]))
        {
            return false;
        }

        ExampleContracts.With(json, path, value);
        return true;
    }

    private static bool Reverse(JsonNode json, string path)
    {
        if (At(json, path) is not JsonArray { Count: > 1 } array)
        {
            return false;
        }

        var items = array.Select(item => item?.DeepClone()).Reverse().ToList();
        array.Clear();
        items.ForEach(array.Add);
        return true;
    }

    private static bool Shorten(JsonNode json, string path)
    {
        if (At(json, path) is not JsonArray { Count: > 0 } array)
        {
            return false;
        }

        array.RemoveAt(0);
        return true;
    }

    private static JsonNode? At(JsonNode json, string path)
    {
        var at = json;
        foreach (var step in path.Split('/'))
        {
            at = at is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : at?[step];
        }

        return at;
    }
}
