using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>When a committed answer is served, and what a query's state codes are. Spec: contracts/spec/0005 s.7, 0008 s.8.</summary>
public sealed class ServingTests
{
    private static readonly TestRoom _done = TestStages.Receipted;

    [Fact]
    public void Answer_is_served_while_everything_stands() => WhyNot(_done).Should().BeNull();

    [Fact]
    public void Answer_without_a_receipt_is_not_served() => WhyNot(TestStages.Answered).Should().Be(RefusalCode.Revoked);

    [Fact]
    public void Answer_is_not_served_after_whatever_takes_it_back()
    {
        var query = DocumentCodec.DigestOf(TestStages.Question).ToString();
        var people = _done.State.CurrentDataset("registry.people")!.Digest.ToString();
        var measurement = _done.State.Nodes[_done.Node.Key.Id].Measurement;

        WhyNot(_done.Append(Ada.Sign(_done.Suspend()))).Should().Be(RefusalCode.ContractNotActive);
        WhyNot(_done.Append(Lea.Sign(_done.Revoke(RevocationKind.Query, query)))).Should().Be(RefusalCode.Revoked);
        WhyNot(_done.Append(Ada.Sign(_done.Revoke(RevocationKind.Dataset, people)))).Should().Be(RefusalCode.Revoked);
        WhyNot(_done.Append(Hal.Sign(_done.Revoke(RevocationKind.Measurement, measurement)))).Should().Be(RefusalCode.Revoked);
        WhyNot(_done.Append(TestStages.Question.Analyst == Rita.Collaborator ? Rita.Revoke() : Hana.Revoke())).Should().Be(RefusalCode.MemberRevoked);
    }

    [Fact]
    public void Answer_is_served_until_its_retention_is_over()
    {
        var answered = Run(_done).ResultAt!.Value;
        var days = TimeSpan.FromDays(_done.Contract.Output.RetentionDays);

        WhyNot(_done, answered.Plus(days - TimeSpan.FromMilliseconds(1))).Should().BeNull();
        WhyNot(_done, answered.Plus(days)).Should().Be(RefusalCode.Stale);
    }

    [Fact]
    public void Withdrawn_version_brings_no_older_one_back()
    {
        var first = _done.State.CurrentDataset("registry.people")!;
        var manifest = _done.Manifest("registry.people", first);
        var second = _done.Append(Ada.Sign(manifest));
        second = second.Append(Ada.Sign(second.Grant(manifest)));
        second = second.Append(second.ByNode(second.Ingest(manifest)));
        second.State.CurrentDataset("registry.people")!.Manifest.Version.Should().Be(2);

        var withdrawn = second.Append(Ada.Sign(second.Revoke(RevocationKind.Dataset, DocumentCodec.DigestOf(manifest).ToString())));

        withdrawn.State.CurrentDataset("registry.people").Should().BeNull();
        StateCodes.Of(withdrawn.State, TestStages.Verdict, withdrawn.Now).Should().Equal("REVOKED");
    }

    [Fact]
    public void State_codes_follow_the_ledger()
    {
        StateCodes.Of(_done.State, TestStages.Verdict, _done.Now).Should().BeEmpty();
        StateCodes.Of(TestStages.Peopled.State, TestStages.Verdict, _done.Now).Should().Equal("CONTRACT_NOT_ACTIVE", "REVOKED");
        StateCodes.Of(_done.State, TestStages.Verdict, _done.Contract.Expires).Should().Equal("EXPIRED");

        var access = _done.Contract.Datasets.Single(dataset => dataset.SqlName == "laboratory.tests").Policy.Access;
        var greedy = TestStages.Verdict with
        {
            Budget = [.. TestStages.Verdict.Budget.Select(cost => cost with { Queries = access.QueriesLifetime })],
        };
        StateCodes.Of(_done.State, greedy, _done.Now).Should().Equal("BUDGET");
    }

    private static RunState Run(TestRoom room) => room.RunOf(TestStages.Question);

    private static RefusalCode? WhyNot(TestRoom room) => WhyNot(room, room.Now);

    private static RefusalCode? WhyNot(TestRoom room, Timestamp at) =>
        QueryRules.WhyNotServed(room.State, room.State.Queries[DocumentCodec.DigestOf(TestStages.Question)], Run(room), at)?.Code;
}
