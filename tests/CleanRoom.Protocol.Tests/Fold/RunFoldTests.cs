using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Charges, results, failures and receipts: each once, none without the one before.</summary>
public sealed class RunFoldTests
{
    private static readonly Query _question = TestStages.Question;
    private static readonly Verdict _verdict = TestStages.Verdict;
    private static readonly TestRoom _approved = TestStages.Approved;
    private static readonly TestRoom _charged = TestStages.Charged;
    private static readonly TestRoom _answered = TestStages.Answered;
    private static readonly RunResult _result = _charged.Result(_question);
    private static readonly Receipt _receipt = _answered.Receipt(_question);

    [Fact]
    public void Statement_of_a_run_by_anyone_but_an_admitted_node_is_refused()
    {
        (TestRoom Room, Document Document)[] statements =
        [
            (_approved, _approved.Charge(_question, _verdict)), (_charged, _result), (_charged, _charged.Failure(_question)),
        ];
        foreach (var (room, document) in statements)
        {
            var signed = room.ByNode(document);
            room.Accepts(signed);
            room.Append(signed).Refuses(signed, RefusalCode.Replayed);
            room.Refuses(Ada.Sign(document), RefusalCode.SignatureUnknownKey);
            room.Refuses(Es256TestKey.Named("stranger").Sign(document), RefusalCode.SignatureUnknownKey);
            room.Refuses(TestStages.Forge(signed), RefusalCode.SignatureInvalid);
            room.Refuses(signed with { Signatures = [] }, RefusalCode.SignatureMissing);
        }

        _answered.Refuses(Ada.Key.Sign(_receipt), RefusalCode.SignatureUnknownKey);
        _answered.Refuses(TestStages.Forge(_answered.ByNode(_receipt)), RefusalCode.SignatureInvalid);
        TestStages.Receipted.Refuses(_answered.ByNode(_receipt), RefusalCode.Replayed);
    }

    [Fact]
    public void Statement_of_a_run_for_another_collaboration_is_refused()
    {
        _approved.Refuses(_approved.ByNode(_approved.Charge(_question, _verdict) with { Collaboration = "other" }), RefusalCode.NotPermitted);
        _charged.Refuses(_charged.ByNode(_result with { Collaboration = "other" }), RefusalCode.NotPermitted);
        _charged.Refuses(_charged.ByNode(_charged.Failure(_question) with { Collaboration = "other" }), RefusalCode.NotPermitted);
        _answered.Refuses(
            _answered.ByNode(_receipt with { Predicate = _receipt.Predicate with { Collaboration = "other" } }), RefusalCode.NotPermitted);
    }

    [Fact]
    public void Charge_of_an_unknown_query_or_verdict_is_refused()
    {
        var charge = _approved.Charge(_question, _verdict);

        _approved.Refuses(_approved.ByNode(charge with { QueryDigest = Digest.Of("unknown"u8) }), RefusalCode.QueryUnknown);
        _approved.Refuses(_approved.ByNode(charge with { VerdictDigest = Digest.Of("unknown"u8) }), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Charge_while_a_run_is_under_way_is_refused() =>
        _charged.Refuses(_charged.ByNode(_charged.Charge(_question, _verdict, 2)), RefusalCode.SequenceConflict);

    [Fact]
    public void Charge_with_the_number_of_another_run_is_refused()
    {
        _approved.Refuses(_approved.ByNode(_approved.Charge(_question, _verdict, 2)), RefusalCode.QueryNotApproved);
        _approved.Refuses(_approved.ByNode(_approved.Charge(_question, _verdict, 0)), RefusalCode.QueryNotApproved);
        _answered.Accepts(_answered.ByNode(_answered.Charge(_question, _verdict, 2)));
    }

    [Fact]
    public void Charge_above_the_runs_that_the_author_asked_for_is_refused()
    {
        var once = TestStages.Supplied.Query("once") with { Runs = 1 };
        var room = Approved(once);

        var ran = TestStages.Run(room, once, room.Verdict(once), 1);

        ran.Refuses(ran.ByNode(ran.Charge(once, ran.Verdict(once), 2)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Charge_above_the_runs_that_an_approver_allows_is_refused()
    {
        var approval = TestStages.Asked.Approval(_question, _verdict);
        var room = TestStages.Asked.Append(
            Ada.Sign(approval), Lea.Sign(approval), Leo.Sign(approval with { Conditions = approval.Conditions with { MaxRuns = 1 } }));

        var ran = TestStages.Run(room, _question, _verdict, 1);

        ran.Refuses(ran.ByNode(ran.Charge(_question, _verdict, 2)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Charge_above_the_daily_budget_is_refused_and_passes_a_day_later()
    {
        var twice = TestStages.Run(_answered, _question, _verdict, 2);
        var third = twice.Charge(_question, _verdict, 3);
        var first = twice.State.Queries[DocumentCodec.DigestOf(_question)].Runs[0].ChargedAt;

        twice.Refuses(twice.ByNode(third), RefusalCode.BudgetExhausted);
        twice.At(first.Plus(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1))).Refuses(twice.ByNode(third), RefusalCode.BudgetExhausted);
        twice.At(first.Plus(TimeSpan.FromDays(1))).Accepts(twice.ByNode(third));
    }

    [Fact]
    public void Charge_above_the_lifetime_budget_is_refused_for_good()
    {
        var thrice = TestStages.Run(
            TestStages.Run(_answered, _question, _verdict, 2).Later(TimeSpan.FromDays(2)), _question, _verdict, 3).Later(TimeSpan.FromDays(20));

        thrice.Refuses(thrice.ByNode(thrice.Charge(_question, _verdict, 4)), RefusalCode.BudgetExhausted);
        var other = thrice.Query("another");
        var room = TestStages.Approve(TestStages.Ask(thrice, other), other, thrice.Verdict(other));
        room.Refuses(room.ByNode(room.Charge(other, room.Verdict(other))), RefusalCode.BudgetExhausted, "another query on the same data");
    }

    [Fact]
    public void Failed_run_stays_charged()
    {
        var failed = _charged.Append(_charged.ByNode(_charged.Failure(_question)));
        var second = TestStages.Run(failed, _question, _verdict, 2);

        second.Refuses(second.ByNode(second.Charge(_question, _verdict, 3)), RefusalCode.BudgetExhausted);
        failed.Refuses(failed.ByNode(failed.Charge(_question, _verdict, 1)), RefusalCode.Replayed, "run 1 is over");
    }

    [Fact]
    public void Charge_with_other_costs_than_the_verdict_is_refused()
    {
        var charge = _approved.Charge(_question, _verdict);

        _approved.Refuses(_approved.ByNode(charge with { Costs = [] }), RefusalCode.BudgetExhausted);
        _approved.Refuses(_approved.ByNode(charge with { Costs = [charge.Costs[0]] }), RefusalCode.BudgetExhausted);
        _approved.Refuses(_approved.ByNode(charge with { Costs = [charge.Costs[0] with { Queries = 0 }, charge.Costs[1]] }), RefusalCode.BudgetExhausted);
        _approved.Refuses(_approved.ByNode(charge with { Costs = [charge.Costs[1], charge.Costs[0]] }), RefusalCode.BudgetExhausted);
    }

    [Fact]
    public void Verdict_that_does_not_charge_every_owner_once_counts_for_nothing()
    {
        var (people, tests) = (_verdict.Budget[0], _verdict.Budget[1]);
        RefusesBudget([], "nobody is charged");
        RefusesBudget([people], "the laboratory is not charged");
        RefusesBudget([people, people, tests], "twice");
        RefusesBudget([people, tests with { Dataset = "hospital.events", Owner = "hospital" }], "another dataset");
        RefusesBudget([people, tests with { Owner = "registry" }], "another owner");
        RefusesBudget([people with { Queries = 0 }, tests], "nothing");
        RefusesBudget([people with { Queries = -5 }, tests], "a refund");
        RefusesBudget([people with { NanoRho = -1 }, tests], "a refund of privacy");
        RefusesBudget([people with { AttoDelta = -1 }, tests], "a refund of delta");
    }

    [Fact]
    public void Charge_after_or_before_the_life_of_the_query_is_refused()
    {
        var later = TestStages.Supplied.Query("later") with { NotBefore = TestStages.Supplied.Now.Plus(TimeSpan.FromDays(1)) };
        var room = Approved(later);

        room.Refuses(room.ByNode(room.Charge(later, room.Verdict(later))), RefusalCode.Stale);
        room.At(later.NotBefore).Accepts(room.ByNode(room.Charge(later, room.Verdict(later))));
        _approved.At(_question.Expires).Refuses(_approved.ByNode(_approved.Charge(_question, _verdict)), RefusalCode.Stale);
    }

    [Fact]
    public void Result_without_a_charge_or_after_the_end_of_its_run_is_refused()
    {
        _approved.Refuses(_approved.ByNode(_result), RefusalCode.SequenceConflict, "nothing was charged");
        _charged.Refuses(_charged.ByNode(_result with { ChargeSequence = 3 }), RefusalCode.SequenceConflict);
        _charged.Refuses(_charged.ByNode(_result with { QueryDigest = Digest.Of("unknown"u8) }), RefusalCode.SequenceConflict);
        _answered.Refuses(_answered.ByNode(_result with { Commitment = Digest.Of("fresh noise"u8) }), RefusalCode.SequenceConflict, "a second answer");
        _answered.Refuses(_answered.ByNode(_charged.Failure(_question)), RefusalCode.SequenceConflict);
        var failed = _charged.Append(_charged.ByNode(_charged.Failure(_question)));
        failed.Refuses(failed.ByNode(_result), RefusalCode.SequenceConflict);
    }

    [Fact]
    public void Result_with_a_wrap_for_anyone_but_a_receiver_is_refused()
    {
        var colleague = TestMember.Of("hospital", "colleague", MemberRole.Receiver);

        RefusesWraps(_charged, [TestDocuments.Wrap(TestPeople.Hana), TestDocuments.Wrap(Rita)], "the registry receives nothing");
        RefusesWraps(_charged, [TestDocuments.Wrap(Hal)], "not a receiver");
        RefusesWraps(_charged, [TestDocuments.Wrap(colleague)], "not delegated");
        RefusesWraps(_charged.Append(colleague.Delegate(), colleague.Revoke()), [TestDocuments.Wrap(colleague)], "revoked");
        _charged.Append(colleague.Delegate()).Accepts(_charged.ByNode(_result with { Wraps = [TestDocuments.Wrap(Hana), TestDocuments.Wrap(colleague)] }));
    }

    [Fact]
    public void Result_whose_wraps_nobody_or_one_person_twice_can_open_is_refused()
    {
        var wrap = TestDocuments.Wrap(Hana);

        _charged.Refuses(_charged.ByNode(_result with { Wraps = [] }), RefusalCode.DocumentInvalid);
        _charged.Refuses(_charged.ByNode(_result with { Wraps = [wrap, wrap] }), RefusalCode.DocumentInvalid);
        _charged.Refuses(_charged.ByNode(_result with { Wraps = [wrap with { Enc = new Bytes(new byte[3]) }] }), RefusalCode.DocumentInvalid);
        _charged.Refuses(_charged.ByNode(_result with { Wraps = [wrap with { Ciphertext = new Bytes(new byte[47]) }] }), RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Result_after_a_suspension_is_refused()
    {
        var suspended = _charged.Append(Leo.Sign(_charged.Suspend()));

        suspended.Refuses(suspended.ByNode(_result), RefusalCode.ContractNotActive);
        suspended.Accepts(suspended.ByNode(_charged.Failure(_question)), "the run may end without an answer");
    }

    [Fact]
    public void Result_after_a_revocation_of_query_dataset_measurement_or_author_is_refused()
    {
        var digest = DocumentCodec.DigestOf(_question).ToString();

        RefusesResultAfter(Hana.Sign(_charged.Cancel(_question)), RefusalCode.QueryCancelled);
        RefusesResultAfter(Ada.Sign(_charged.Revoke(RevocationKind.Query, digest)), RefusalCode.Revoked);
        RefusesResultAfter(Lea.Sign(_charged.Revoke(RevocationKind.Dataset, _question.Inputs[1].ManifestDigest.ToString())), RefusalCode.Revoked);
        RefusesResultAfter(Hal.Sign(_charged.Revoke(RevocationKind.Measurement, _charged.State.Nodes[_charged.Node.Key.Id].Measurement)), RefusalCode.Revoked);
        RefusesResultAfter(Hana.Revoke(), RefusalCode.MemberRevoked);
        _charged.At(_question.Expires).Refuses(_charged.ByNode(_result), RefusalCode.Stale);
    }

    [Fact]
    public void Result_after_an_amendment_is_refused()
    {
        var amended = TestStages.SignAll(_charged, TestContracts.Next(TestContracts.First));

        amended.Refuses(amended.ByNode(_result), RefusalCode.ContractConflict);
    }

    [Fact]
    public void Receipt_that_differs_from_what_happened_is_refused()
    {
        var predicate = _receipt.Predicate;

        RefusesReceipt(_receipt with { Subject = [new ReceiptSubject { Name = "result", Digest = new ReceiptDigest { Sha256 = Digest.Of("other"u8) } }] });
        _answered.Refuses(_answered.ByNode(_receipt with { Subject = [.. _receipt.Subject, .. _receipt.Subject] }), RefusalCode.DocumentInvalid);
        RefusesReceipt(_receipt with { Predicate = predicate with { QueryDigest = Digest.Of("other"u8) } });
        RefusesReceipt(_receipt with { Predicate = predicate with { ContractDigest = Digest.Of("other"u8) } });
        RefusesReceipt(_receipt with { Predicate = predicate with { VerdictDigest = Digest.Of("other"u8) } });
        RefusesReceipt(_receipt with { Predicate = predicate with { EvidenceDigest = Digest.Of("other"u8) } });
        RefusesReceipt(_receipt with { Predicate = predicate with { Manifests = [predicate.Manifests[0]] } });
        RefusesReceipt(_receipt with { Predicate = predicate with { Charged = [] } });
        RefusesReceipt(_receipt with { Predicate = predicate with { ChargeSequence = 0 } });
        RefusesReceipt(_receipt with { Predicate = predicate with { ResultSequence = 0 } });
        RefusesReceipt(_receipt with { Predicate = predicate with { Receivers = ["registry"] } });
    }

    [Fact]
    public void Receipt_without_a_result_or_a_second_one_is_refused()
    {
        var second = new TestNode("second node", InsecureSimulatedMachine.OfBuild(TestContracts.Build));
        var room = TestStages.Receipted.Append(second.Key.Sign(TestStages.Receipted.Admission(second)));
        var attestation = room.State.Nodes[second.Key.Id].Attestation;

        _charged.Refuses(_charged.ByNode(_receipt), RefusalCode.ReceiptInvalid);
        room.Refuses(
            second.Key.Sign(ReceiptContent.For(room.State.Queries[DocumentCodec.DigestOf(_question)], room.RunOf(_question), attestation)), RefusalCode.ReceiptInvalid);
    }

    [Fact]
    public void Receipt_names_the_evidence_of_the_node_that_signs_it()
    {
        var second = new TestNode("second node", InsecureSimulatedMachine.OfBuild(TestContracts.Build));
        var room = _answered.Append(second.Key.Sign(_answered.Admission(second)));
        var attestation = room.State.Nodes[second.Key.Id].Attestation;
        var own = ReceiptContent.For(room.State.Queries[DocumentCodec.DigestOf(_question)], room.RunOf(_question), attestation);

        room.Accepts(second.Key.Sign(own));
        room.Refuses(second.Key.Sign(_receipt), RefusalCode.ReceiptInvalid, "the evidence of the first node");
    }

    [Fact]
    public void Receipt_may_follow_after_a_suspension() =>
        _answered.Append(Leo.Sign(_answered.Suspend())).Accepts(_answered.ByNode(_receipt), "what happened before it happened");

    private static TestRoom Approved(Query query)
    {
        var asked = TestStages.Ask(TestStages.Supplied, query);
        return TestStages.Approve(asked, query, asked.Verdict(query));
    }

    private static void RefusesBudget(ImmutableArray<BudgetCharge> budget, string because)
    {
        var lying = _verdict with { Budget = budget };
        var room = TestStages.Asked.Append(TestStages.Asked.ByNode(lying));

        room.Refuses(Ada.Sign(room.Approval(_question, lying)), RefusalCode.QueryNotApproved, because);
        room.Refuses(room.ByNode(room.Charge(_question, lying)), RefusalCode.QueryNotApproved, because);
    }

    private static void RefusesWraps(TestRoom room, ImmutableArray<ResultWrap> wraps, string because) =>
        room.Refuses(room.ByNode(_result with { Wraps = wraps }), RefusalCode.NotPermitted, because);

    private static void RefusesResultAfter(Envelope envelope, RefusalCode code) =>
        _charged.Append(envelope).Refuses(_charged.ByNode(_result), code);

    private static void RefusesReceipt(Receipt receipt) => _answered.Refuses(_answered.ByNode(receipt), RefusalCode.ReceiptInvalid);
}
