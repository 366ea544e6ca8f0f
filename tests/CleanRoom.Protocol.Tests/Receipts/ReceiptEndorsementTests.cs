using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestEndorsements;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Receipts;

/// <summary>A receipt by code that only an endorsement lets in shows the endorsement, and is checked without a network. Spec: contracts/spec/0025 s.7.</summary>
public sealed class ReceiptEndorsementTests
{
    private static readonly Scene _scene = Make();

    private static ReceiptBundle Bundle => TestReceipts.Of(_scene.Room, _scene.Query, isRedacted: false);

    [Fact]
    public void Bundle_of_endorsed_code_holds_the_endorsement_and_verifies_and_says_so()
    {
        Bundle.CodeEndorsements!.Value.Should().Equal(_scene.Brought.Endorsement);

        var report = TestReceipts.Verify(Bundle);

        report.Failures.Should().BeEmpty();
        report.Proven.Should().Contain(sentence => sentence.Contains(
            $"code endorsed by {Builder.Id.Abbreviated} and {Reviewer.Id.Abbreviated} on {_scene.Endorsement.NotBefore}, not named in the contract itself", StringComparison.Ordinal));
        report.NotShown.Should().Contain(sentence => sentence.Contains("no owner has revoked its measurement", StringComparison.Ordinal));
    }

    [Fact]
    public void Bundle_without_the_endorsement_is_refused()
    {
        TestReceipts.Refuses(Bundle with { CodeEndorsements = null }, RefusalCode.EvidenceNotAccepted);
        TestReceipts.Refuses(Bundle with { CodeEndorsements = [] }, RefusalCode.ReceiptInvalid);
    }

    [Fact]
    public void Endorsement_that_one_endorser_has_not_signed_does_not_carry_a_receipt() =>
        TestReceipts.Refuses(Bundle with { CodeEndorsements = [Encoded(_scene.Endorsement.By(Builder))] }, RefusalCode.SignatureMissing);

    [Fact]
    public void Endorsement_under_another_contract_or_for_another_time_does_not_carry_a_receipt()
    {
        var other = _scene.Endorsement with { ContractDigest = Digest.Of("other"u8) };
        TestReceipts.Refuses(Bundle with { CodeEndorsements = [Encoded(other.ByBoth())] }, RefusalCode.ContractConflict);
        var late = _scene.Endorsement with { NotBefore = _scene.Room.Now };
        TestReceipts.Refuses(Bundle with { CodeEndorsements = [Encoded(late.ByBoth())] }, RefusalCode.EvidenceNotAccepted, "it had not begun");
        TestReceipts.Refuses(Bundle, RefusalCode.EvidenceNotAccepted, "it has ended by then", _scene.Endorsement.Expires);
        TestReceipts.Verify(Bundle, _scene.Endorsement.Expires.Plus(TimeSpan.FromMilliseconds(-1))).Failures.Should().BeEmpty();
    }

    [Fact]
    public void Endorsement_that_the_evidence_does_not_need_is_refused()
    {
        var first = TestReceipts.Of(_scene.ByFirst, _scene.Query, isRedacted: false);

        first.CodeEndorsements.Should().BeNull("the contract names that node's code itself");
        TestReceipts.Verify(first).Failures.Should().BeEmpty();
        TestReceipts.Refuses(first with { CodeEndorsements = Bundle.CodeEndorsements }, RefusalCode.ReceiptInvalid);
        TestReceipts.Refuses(Bundle with { CodeEndorsements = [.. Bundle.CodeEndorsements!.Value, Encoded(_scene.Unrelated.ByBoth())] }, RefusalCode.ReceiptInvalid);
    }

    [Fact]
    public void Redacted_bundle_shows_no_endorsement()
    {
        var redacted = TestReceipts.Of(_scene.Room, _scene.Query, isRedacted: true);

        redacted.CodeEndorsements.Should().BeNull();
        TestReceipts.Verify(redacted).Failures.Should().BeEmpty();
        TestReceipts.Refuses(redacted with { CodeEndorsements = Bundle.CodeEndorsements }, RefusalCode.ReceiptInvalid);
    }

    [Fact]
    public void Bundle_made_after_the_next_version_still_shows_the_endorsement_of_its_time()
    {
        var later = TestStages.SignAll(_scene.Room, TestContracts.Next(Agreed));

        TestReceipts.Verify(TestReceipts.Of(later, _scene.Query, isRedacted: false)).Failures.Should().BeEmpty();
    }

    private static Bytes Encoded(Envelope envelope) => new(EnvelopeCodec.Encode(envelope));

    private static Scene Make()
    {
        var room = TestStages.SignAll(TestStages.People(Agreed), Agreed);
        room = TestStages.Supply(TestStages.Supply(room, "registry.people", Ada), "laboratory.tests", Lea);
        var query = room.Query();
        room = TestStages.Ask(room, query);
        var verdict = room.Verdict(query);
        room = TestStages.Approve(room, query, verdict);
        room = room.Append(room.ByNode(room.Charge(query, verdict)));
        room = room.Append(room.ByNode(room.Result(query)));
        var endorsement = room.Endorsement();
        var brought = room.Bring(endorsement.ByBoth());
        room = room.Append(Ada.Sign(brought));
        room = room.Append(Later.Key.Sign(room.Admission(Later)));
        var receipt = ReceiptContent.For(room.State.Queries[DocumentCodec.DigestOf(query)], room.RunOf(query), room.State.Nodes[Later.Key.Id].Attestation);
        var unrelated = endorsement with { Tuple = endorsement.Tuple with { Values = endorsement.Tuple.Values.SetItem("measurement", "00ff") } };
        return new Scene(room.Append(Later.Key.Sign(receipt)), room.Append(room.ByNode(room.Receipt(query))), query, endorsement, unrelated, brought);
    }

    private sealed record Scene(TestRoom Room, TestRoom ByFirst, Query Query, CodeEndorsement Endorsement, CodeEndorsement Unrelated, CodeAdmission Brought);
}
