using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Policy.Tests.Corpus;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Verdicts;

/// <summary>What a verdict says an owner could write is written into the contract, and then the reason is gone.</summary>
public sealed class ContractChangeTests(BinderFixture fixture)
{
    private const int LeastChanges = 100;

    [Fact]
    public async Task Changes_ofTheContract_areValidAndRemoveTheirReasons()
    {
        var binder = fixture.Binder;
        var (tried, codes) = (0, new HashSet<string>());
        foreach (var (contract, request) in Questions())
        {
            var before = (await binder.AnalyseAsync(contract, request)).Verdict;
            foreach (var owner in before.Owners)
            {
                foreach (var change in owner.Changes.Where(change => change.Pointer is not null))
                {
                    var what = $"{request.Sql}: {change.Text}";
                    change.By.Should().Be(owner.Party, what);
                    var changed = With(contract, [change]);
                    ContractRules.Check(changed).Should().BeEmpty(what);
                    var after = (await binder.AnalyseAsync(changed, request)).Verdict.Owners.FirstOrDefault(one => one.Party == owner.Party);
                    var left = after is null ? [] : Reasons(after);
                    left.Except(Reasons(owner)).Should().BeEmpty(what);
                    Reasons(owner).Except(left).Should().Contain(reason => reason.Code == change.Code, what);
                    tried++;
                    codes.Add(change.Code.Split(':')[0]);
                }
            }
        }

        tried.Should().BeGreaterThan(LeastChanges);
        codes.Should().BeEquivalentTo(
            VerdictCodes.Context, VerdictCodes.Grain, VerdictCodes.Join, VerdictCodes.JoinRequired, VerdictCodes.Fanout, VerdictCodes.Receiver, VerdictCodes.Analyst);
    }

    [Fact]
    public async Task Changes_ofTheContract_allTogether_allowTheQuery()
    {
        var binder = fixture.Binder;
        var allowed = 0;
        foreach (var (contract, request) in Questions())
        {
            var before = (await binder.AnalyseAsync(contract, request)).Verdict;
            var changes = before.Owners.SelectMany(owner => owner.Changes.Where(change => change.Pointer is not null)).ToList();
            if (changes.Count == 0 || before.Owners.Any(owner => owner.Codes.Length > 0 && !IsAnswered(owner)))
            {
                continue;
            }

            var after = (await binder.AnalyseAsync(With(contract, changes), request)).Verdict;
            after.Codes.Should().BeEmpty($"{request.Sql} with {string.Join("; ", changes.Select(change => change.Text))}");
            after.Decision.Should().NotBe(VerdictDecision.Refuse);
            allowed++;
        }

        allowed.Should().BeGreaterThan(20);
    }

    [Fact]
    public async Task Rules_areQuotedFromTheContract()
    {
        var contract = Examples.Media;
        var written = JsonNode.Parse(DocumentCodec.Encode(contract))!;
        var quoted = 0;
        foreach (var one in CorpusCase.Own)
        {
            var verdict = (await fixture.Binder.AnalyseAsync(contract, Ask.Request(one.Sql))).Verdict;
            foreach (var owner in verdict.Owners.Where(owner => owner.Party != "room" && owner.Decision == VerdictDecision.Refuse))
            {
                owner.Rules.Select(rule => rule.Code).Distinct().Should().BeEquivalentTo(owner.Codes.Distinct(), one.Id);
                foreach (var rule in owner.Rules)
                {
                    contract.Datasets[int.Parse(rule.Pointer.Split('/')[2], System.Globalization.CultureInfo.InvariantCulture)].Owner.Should().Be(owner.Party);
                    rule.Value.Should().Be(At(written, rule.Pointer)?.ToJsonString(), $"{one.Id} {rule.Pointer}");
                    quoted++;
                }
            }

            verdict.Owners.Where(owner => owner.Party == "room").SelectMany(owner => owner.Rules).Should().BeEmpty();
        }

        quoted.Should().BeGreaterThan(50);
    }

    [Fact]
    public async Task Rules_ofAnApproval_areThoseThatAskForIt()
    {
        var contract = Examples.MediaWith(json =>
        {
            json.Policy(0).Set("approval", "\"each\"");
            json.Policy(1).Set("approval", "\"template\"");
        });

        var verdict = (await fixture.Binder.AnalyseAsync(
            contract, Ask.Request("SELECT count(*) FROM brand.customers JOIN brand.orders USING (user_id)"))).Verdict;

        verdict.Approvers.Should().Equal("brand");
        verdict.Owners.Single(owner => owner.Party == "brand").Rules.Should().BeEquivalentTo(
        [
            new OwnerRule { Code = OwnerRule.NeedsApproval, Pointer = "/datasets/0/policy/approval", Value = "\"each\"" },
            new OwnerRule { Code = OwnerRule.NeedsApproval, Pointer = "/datasets/1/policy/approval", Value = "\"template\"" },
        ]);
    }

    [Fact]
    public async Task Reasons_ofOneCodeForSeveralColumns_areAllNamed()
    {
        var verdict = (await fixture.Binder.AnalyseAsync(
            Examples.Media, Ask.Request("SELECT count(*) FROM brand.customers JOIN brand.orders USING (user_id) WHERE ts > '2026-01-01' AND customers.user_id > 'a' AND orders.user_id > 'a'"))).Verdict;

        var brand = verdict.Owners.Single(owner => owner.Party == "brand");
        brand.Reasons.Should().Contain(reason => reason.StartsWith("brand.customers.user_id", StringComparison.Ordinal))
            .And.Contain(reason => reason.StartsWith("brand.orders.user_id", StringComparison.Ordinal));
        brand.Rules.Select(rule => rule.Pointer).Should().BeEquivalentTo(
            "/datasets/0/policy/columns/user_id/uses", "/datasets/1/policy/columns/user_id/uses", "/datasets/1/policy/columns/ts/grain");
        brand.Changes.Where(change => change.Pointer is not null).Should().ContainSingle("a unit column is never filtered by")
            .Which.Pointer.Should().Be("/datasets/1/policy/columns/ts/grain");
    }

    [Fact]
    public async Task Reasons_withoutEnd_areCutOffAndSaidSo()
    {
        var names = Enumerable.Range(0, 600).Select(i => $"f{i}(region)");

        var verdict = (await fixture.Binder.AnalyseAsync(Examples.Media, Ask.Request($"SELECT {string.Join(", ", names)} FROM brand.customers"))).Verdict;

        verdict.Owners.Sum(owner => owner.Reasons.Length).Should().Be(128);
        verdict.Owners.SelectMany(owner => owner.Reasons).Should().Contain(reason => reason.Contains("there are more"));
    }

    /// <summary>The corpus, asked by those who may and who may not, for one and for several, under rules that every code comes from.</summary>
    private static IEnumerable<(Contract Contract, AnalysisRequest Request)> Questions()
    {
        const string Orders = "SELECT sku, count(*) FROM brand.orders JOIN pub.impressions USING (user_id) GROUP BY sku";
        var cases = CorpusCase.Own.Concat(CorpusCase.Attacks).Select(one => one.Sql).ToList();
        var strict = Examples.MediaWith(json =>
        {
            json.Policy(1)["join"]!.Set("required", "[\"agency\"]");
            json.Policy(2)["join"]!.Set("with", "[\"agency\"]");
            json.Policy(1)["join"]!.Set("maxFanout", "300");
            json.Policy(2)["join"]!.Set("required", "[\"analyst\"]");
        });
        return
        [
            .. cases.Select(sql => (Examples.Media, Ask.Request(sql))),
            .. CorpusCase.Lists.Select(one => (Examples.Lists, Ask.Request(one.Sql))),
            .. CorpusCase.Lists.Where((_, index) => index % 5 == 0).Select(one => (Examples.Lists, Ask.Request(one.Sql, "agency", "agency", "brand"))),
            .. cases.Where((_, index) => index % 10 == 0).Select(sql => (strict, Ask.Request(sql, "pub", "pub", "brand"))),
            (strict, Ask.Request(Orders)),
            (strict, Ask.Request(Orders, "brand")),
            (strict, Ask.Request(Orders, "agency", "pub")),
        ];
    }

    /// <summary>Says whether every code of an owner has as many changes of the contract as it has rules.</summary>
    private static bool IsAnswered(OwnerVerdict owner) => owner.Party != "room" && owner.Rules.All(rule =>
        owner.Changes.Any(change => change.Code == rule.Code && change.Pointer == rule.Pointer));

    private static List<(string Code, string Reason)> Reasons(OwnerVerdict owner) => [.. owner.Codes.Zip(owner.Reasons)];

    private static Contract With(Contract contract, IEnumerable<VerdictChange> changes)
    {
        var json = JsonNode.Parse(DocumentCodec.Encode(contract))!;
        foreach (var change in changes)
        {
            var end = change.Pointer!.LastIndexOf('/');
            var (parent, name) = (At(json, change.Pointer[..end])!, change.Pointer[(end + 1)..]);
            if (change.Value is null)
            {
                parent.AsObject().Remove(name).Should().BeTrue();
            }
            else
            {
                parent[name] = JsonNode.Parse(change.Value);
            }
        }

        return DocumentCodec.FromPerson<Contract>(Encoding.UTF8.GetBytes(json.ToJsonString())).Value;
    }

    private static JsonNode? At(JsonNode root, string pointer)
    {
        var node = root;
        foreach (var name in pointer.Split('/').Skip(1))
        {
            node = node is JsonArray array ? array[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : node?[name];
        }

        return node;
    }
}
