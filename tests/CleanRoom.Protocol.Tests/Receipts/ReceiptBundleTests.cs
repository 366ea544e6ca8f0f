using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Receipts;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Receipts;

/// <summary>Making bundles, and what a good one proves.</summary>
public sealed class ReceiptBundleTests
{
    private static readonly Query _question = TestStages.Question;

    [Fact]
    public void Bundle_of_an_answer_verifies_and_says_what_it_proves()
    {
        var report = TestReceipts.Verify(TestReceipts.Full);

        report.Failures.Should().BeEmpty();
        report.IsVerified.Should().BeTrue();
        report.Time.Should().Be(TestStages.Receipted.Rows[^1].Time);
        report.Receipt!.Predicate.QueryDigest.Should().Be(DocumentCodec.DigestOf(_question));
        var words = string.Join('\n', report.Proven);
        words.Should().Contain(TestStages.Receipted.State.Collaboration[..12]).And.Contain(TestContracts.First.Title)
            .And.Contain("registry, laboratory, hospital").And.Contain("registry.people, laboratory.tests")
            .And.Contain(TestStages.Receipted.State.Nodes[TestNode.First.Key.Id].Measurement[..16]).And.Contain("1 query on registry.people");
    }

    [Fact]
    public void Bundle_says_that_simulated_evidence_and_the_verdict_are_not_shown()
    {
        var report = TestReceipts.Verify(TestReceipts.Full);

        report.NotShown.Should().Contain(sentence => sentence.Contains("verdict", StringComparison.Ordinal));
        report.NotShown.Should().Contain(sentence => sentence.Contains("simulated", StringComparison.Ordinal));
    }

    [Fact]
    public void Redacted_bundle_verifies_says_what_is_not_shown_and_holds_neither_contract_nor_query()
    {
        var report = TestReceipts.Verify(TestReceipts.Redacted);
        var bytes = DocumentCodec.Encode(TestReceipts.Redacted);

        report.IsVerified.Should().BeTrue(string.Join("; ", report.Failures));
        report.NotShown.Should().Contain(sentence => sentence.Contains("redacted", StringComparison.Ordinal));
        report.Proven.Should().NotContain(sentence => sentence.Contains("evidence binds", StringComparison.Ordinal), "nobody appraised the evidence");
        report.Proven.Should().NotContain(sentence => sentence.Contains("accepts", StringComparison.Ordinal));
        (TestReceipts.Redacted.Contract, TestReceipts.Redacted.Query).Should().Be((null, null));
        TestReceipts.Redacted.Delegations.Should().BeEmpty();
        bytes.AsSpan().IndexOf("SELECT"u8).Should().Be(-1);
        bytes.Length.Should().BeLessThan(DocumentCodec.Encode(TestReceipts.Full).Length);
    }

    [Fact]
    public void Bundle_with_a_later_checkpoint_and_cosignatures_verifies()
    {
        var later = TestStages.Receipted.Append(Leo.Sign(TestStages.Receipted.Suspend()));
        using var witness = TestRandom.Ed25519("registry/ada witness");
        var cosigned = Cosignature.Add(later.Checkpoint(), "registry/ada", witness.PublicKey.ToArray(), later.Now, data => witness.Sign(data));

        var bundle = ReceiptBundles.Build(later.State, later.Rows, later.RunOf(_question), cosigned, isRedacted: false).Value;

        TestReceipts.Verify(bundle).Failures.Should().BeEmpty();
    }

    [Fact]
    public void Bundle_of_a_run_without_a_receipt_is_refused() =>
        ReceiptBundles.Build(
            TestStages.Answered.State, TestStages.Answered.Rows, TestStages.Answered.RunOf(_question), TestStages.Answered.Checkpoint(), isRedacted: false)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.ResultUnknown);

    [Fact]
    public void Bundle_shows_the_evidence_that_the_receipt_names_also_when_the_node_was_admitted_anew()
    {
        var room = TestStages.Receipted;
        var again = room.Append(room.ByNode(room.Admission(TestNode.First)));

        var report = TestReceipts.Verify(TestReceipts.Of(again, _question, isRedacted: false));

        again.State.Nodes[TestNode.First.Key.Id].Sequence.Should().Be(room.State.Log.Size);
        report.Failures.Should().BeEmpty();
    }

    [Fact]
    public void Bundle_of_a_receipt_by_a_second_node_shows_that_nodes_evidence()
    {
        var second = new TestNode("second node", InsecureSimulatedMachine.OfBuild(TestContracts.Build));
        var admitted = TestStages.Answered.Append(second.Key.Sign(TestStages.Answered.Admission(second)));
        var query = admitted.State.Queries[DocumentCodec.DigestOf(_question)];
        var room = admitted.Append(second.Key.Sign(
            ReceiptContent.For(query, query.Runs[^1], admitted.State.Nodes[second.Key.Id].Attestation)));

        var bundle = TestReceipts.Of(room, _question, isRedacted: false);

        bundle.Attestation.Binding.SigningKey.Should().Be(second.Key.PublicKey);
        TestReceipts.Verify(bundle).Failures.Should().BeEmpty();
    }

    [Fact]
    public void Bundle_under_an_amendment_that_removed_a_collaborator_verifies()
    {
        var three = TestContracts.Next(TestContracts.First);
        var pair = TestContracts.Without(three, "hospital");
        var room = TestStages.SignAll(TestStages.Active, pair);
        room = TestStages.Supply(TestStages.Supply(room, "registry.people", Ada), "laboratory.tests", Lea);
        var query = room.Query() with { Analyst = "registry", Receivers = ["registry"] };
        var verdict = room.Verdict(query);
        room = room.Append(Rita.Sign(query), room.ByNode(verdict));
        room = TestStages.Approve(room, query, verdict);
        room = room.Append(room.ByNode(room.Charge(query, verdict)));
        room = room.Append(room.ByNode(room.Result(query) with { Wraps = [TestDocuments.Wrap(Rita)] }));
        room = room.Append(room.ByNode(room.Receipt(query)));

        var report = TestReceipts.Verify(TestReceipts.Of(room, query, isRedacted: false));

        report.Failures.Should().BeEmpty("the hospital signed its removal with a root key that this version no longer names");
        report.NotShown.Should().Contain(sentence => sentence.Contains("hospital", StringComparison.Ordinal));
        report.Proven.Should().Contain(sentence => sentence.Contains("version 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Verification_needs_no_network()
    {
        var assemblies = new[] { typeof(ReceiptVerifier), typeof(Attestation.Nodes.NodeAppraisal), typeof(Cryptography.Signatures.SignatureVerifier) }
            .SelectMany(type => type.Assembly.GetReferencedAssemblies()).Select(name => name.Name);

        assemblies.Should().NotContain(name => name!.StartsWith("System.Net", StringComparison.Ordinal));
    }
}
