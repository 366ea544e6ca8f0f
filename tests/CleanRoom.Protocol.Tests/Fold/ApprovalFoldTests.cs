using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Who approves, what an approval is worth, and the checkpoints that approvers quote.</summary>
public sealed class ApprovalFoldTests
{
    private static readonly TestRoom _asked = TestStages.Asked;
    private static readonly Query _question = TestStages.Question;
    private static readonly Verdict _verdict = TestStages.Verdict;
    private static readonly Approval _approval = _asked.Approval(_question, _verdict);

    [Fact]
    public void Charge_is_refused_until_every_owner_has_approved_with_its_quorum()
    {
        var charge = _asked.ByNode(_asked.Charge(_question, _verdict));
        var ada = Ada.Sign(_approval);
        var lea = Lea.Sign(_approval);
        var leo = Leo.Sign(_approval);

        _asked.Refuses(charge, RefusalCode.QueryNotApproved);
        _asked.Append(ada).Refuses(charge, RefusalCode.QueryNotApproved, "the laboratory is missing");
        _asked.Append(ada, lea).Refuses(charge, RefusalCode.QueryNotApproved, "the laboratory approves with four eyes");
        _asked.Append(lea, leo).Refuses(charge, RefusalCode.QueryNotApproved, "the registry is missing");
        _asked.Append(ada, lea, leo).Accepts(charge);
    }

    [Fact]
    public void Second_decision_of_a_member_is_refused() =>
        _asked.Append(Lea.Sign(_approval)).Refuses(Lea.Sign(_approval with { Reason = "once more" }), RefusalCode.Replayed);

    [Fact]
    public void One_person_under_a_renewed_key_does_not_make_a_quorum()
    {
        var renewed = Lea with { Key = Es256TestKey.Named("lea's new key") };
        var room = _asked.Append(Ada.Sign(_approval), Lea.Sign(_approval), Lea.Revoke(), renewed.Delegate(), renewed.Sign(_approval));

        room.Refuses(room.ByNode(room.Charge(_question, _verdict)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Approval_of_a_member_that_was_revoked_since_does_not_count()
    {
        var room = TestStages.Approved.Append(Lea.Revoke());

        room.Refuses(room.ByNode(room.Charge(_question, _verdict)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Approval_of_a_collaborator_that_nobody_asks_is_refused() =>
        _asked.Refuses(Hal.Sign(_approval), RefusalCode.NotPermitted);

    [Fact]
    public void One_refusal_ends_the_query()
    {
        var mia = TestMember.Of("registry", "mia", MemberRole.Approver);
        var room = TestStages.Approved.Append(mia.Delegate());
        var ended = room.Append(mia.Sign(room.Approval(_question, _verdict, "no") with { Decision = ApprovalDecision.Refuse, Reason = "not this one" }));

        ended.Refuses(ended.ByNode(ended.Charge(_question, _verdict)), RefusalCode.QueryNotApproved);
        ended.Refuses(Hana.Sign(ended.Cancel(_question)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Approval_on_an_unknown_query_is_refused() =>
        _asked.Refuses(Ada.Sign(_approval with { Subject = Digest.Of("unknown"u8) }), RefusalCode.QueryUnknown);

    [Fact]
    public void Approval_on_an_unknown_verdict_is_refused() =>
        _asked.Refuses(Ada.Sign(_approval with { VerdictDigest = Digest.Of("unknown"u8) }), RefusalCode.QueryNotApproved);

    [Fact]
    public void Approval_on_a_verdict_that_refuses_is_refused()
    {
        var refusing = _verdict with { Decision = VerdictDecision.Refuse, Codes = [VerdictCodes.NoAgg] };
        var room = _asked.Append(_asked.ByNode(refusing));

        room.Refuses(Ada.Sign(room.Approval(_question, refusing)), RefusalCode.QueryRefused);
    }

    [Fact]
    public void Approval_replayed_on_another_query_parameters_or_verdict_is_refused()
    {
        var other = _question with { Sql = "SELECT count(*) AS n FROM registry.people r JOIN laboratory.tests t ON r.id = t.id" };
        var wider = _question with { Receivers = ["hospital", "registry"] };
        var (hdl, chol) = (Template("hdl"), Template("chol"));
        var room = new[] { other, wider, hdl, chol }.Aggregate(_asked, TestStages.Ask);

        room.Refuses(Ada.Sign(room.Approval(other, _verdict)), RefusalCode.QueryNotApproved, "the verdict on another text");
        room.Refuses(Ada.Sign(room.Approval(wider, _verdict)), RefusalCode.QueryNotApproved, "the verdict for fewer receivers");
        room.Refuses(Ada.Sign(room.Approval(chol, room.Verdict(hdl))), RefusalCode.QueryNotApproved, "the verdict on another parameter");
        room.Refuses(Ada.Sign(_approval with { ContractDigest = Digest.Of("another"u8) }), RefusalCode.ContractConflict);
    }

    [Fact]
    public void Approval_on_the_verdict_for_another_analyst_is_refused()
    {
        var own = _verdict with { Analyst = "registry", Budget = [_verdict.Budget[1]] };
        var room = _asked.Append(_asked.ByNode(own));

        room.Refuses(Ada.Sign(room.Approval(_question, own)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Approval_on_a_verdict_under_another_contract_version_is_refused()
    {
        var carried = _question.Inputs.Select(input => new CarriedDataset { Dataset = input.Dataset, ManifestDigest = input.ManifestDigest });
        var amended = TestStages.SignAll(_asked, TestContracts.Next(TestContracts.First, [.. carried]));
        var query = amended.Query("the same text");
        var room = TestStages.Ask(amended, query);

        room.Refuses(Ada.Sign(room.Approval(query, _verdict)), RefusalCode.QueryNotApproved);
        room.Accepts(Ada.Sign(room.Approval(query, room.Verdict(query))));
    }

    [Fact]
    public void Approval_on_one_query_does_not_count_for_its_twin()
    {
        var twin = _question with { Nonce = TestRandom.Nonce("twin") };
        var room = TestStages.Approved.Append(Hana.Sign(twin));

        room.Refuses(room.ByNode(room.Charge(twin, _verdict)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Approval_on_one_verdict_does_not_count_for_another()
    {
        var second = _verdict with { PlanDigest = Digest.Of("another plan"u8) };
        var room = TestStages.Approved.Append(_asked.ByNode(second));

        room.Refuses(room.ByNode(room.Charge(_question, second)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Proposer_that_leaves_an_owner_out_of_the_inputs_gains_nothing()
    {
        // The plan reads the laboratory's data; the query lists the registry's alone, so that the laboratory would not be asked.
        var partial = _question with { Inputs = [_question.Inputs[0]], Nonce = TestRandom.Nonce("partial") };
        var room = _asked.Append(Hana.Sign(partial));

        room.Refuses(Ada.Sign(room.Approval(partial, _verdict)), RefusalCode.QueryRefused);
        room.Refuses(room.ByNode(room.Charge(partial, _verdict)), RefusalCode.QueryRefused);
    }

    [Fact]
    public void Approvers_that_a_verdict_leaves_out_are_needed_all_the_same()
    {
        var lying = _verdict with { Approvers = [], Decision = VerdictDecision.Allow };
        var room = _asked.Append(_asked.ByNode(lying));

        room.Refuses(room.ByNode(room.Charge(_question, lying)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Approval_without_a_run_or_a_future_is_refused()
    {
        _asked.Refuses(Ada.Sign(_approval with { Conditions = _approval.Conditions with { MaxRuns = 0 } }), RefusalCode.DocumentInvalid);
        _asked.Refuses(Ada.Sign(_approval with { Conditions = _approval.Conditions with { Expires = _asked.Now } }), RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Approval_that_has_expired_does_not_count()
    {
        var expires = _asked.Now.Plus(TimeSpan.FromHours(1));
        var room = _asked.Append(
            Ada.Sign(_approval with { Conditions = _approval.Conditions with { Expires = expires } }), Lea.Sign(_approval), Leo.Sign(_approval));

        room.At(expires).Refuses(room.ByNode(room.Charge(_question, _verdict)), RefusalCode.QueryNotApproved);
        room.At(expires.Plus(TimeSpan.FromMilliseconds(-1))).Accepts(room.ByNode(room.Charge(_question, _verdict)));
    }

    [Fact]
    public void Approval_after_the_query_ended_is_refused()
    {
        var cancelled = _asked.Append(Hana.Sign(_asked.Cancel(_question)));
        var revoked = _asked.Append(Ada.Sign(_asked.Revoke(RevocationKind.Query, DocumentCodec.DigestOf(_question).ToString())));
        var withdrawn = _asked.Append(Ada.Sign(_asked.Revoke(RevocationKind.Dataset, _question.Inputs[0].ManifestDigest.ToString())));

        cancelled.Refuses(Ada.Sign(_approval), RefusalCode.QueryCancelled);
        revoked.Refuses(Ada.Sign(_approval), RefusalCode.Revoked);
        withdrawn.Refuses(Ada.Sign(_approval), RefusalCode.Revoked);
        _asked.At(_question.Expires).Refuses(Ada.Sign(_approval), RefusalCode.Stale);
    }

    [Fact]
    public void Standing_approval_covers_its_template_and_analyst_and_its_runs()
    {
        var contract = WithStanding(maxRuns: 1);
        var room = Supplied(contract);
        var query = Template(room, "hdl");
        var asked = TestStages.Ask(room, query);
        var verdict = room.Verdict(query);
        var approved = asked.Append(Lea.Sign(asked.Approval(query, verdict, "lea")), Leo.Sign(asked.Approval(query, verdict, "leo")));

        approved.Accepts(approved.ByNode(approved.Charge(query, verdict)), "the registry stands by its approval in the contract");
        var ran = TestStages.Run(approved, query, verdict, 1);
        ran.Refuses(ran.ByNode(ran.Charge(query, verdict, 2)), RefusalCode.QueryNotApproved, "it covers one run");
        ran.Append(Ada.Sign(ran.Approval(query, verdict, "ada"))).Accepts(ran.ByNode(ran.Charge(query, verdict, 2)));
        var others = query with { Analyst = "registry", Receivers = ["registry"], Nonce = TestRandom.Nonce("the registry's own") };
        var theirs = room.Append(Rita.Sign(others), room.ByNode(room.Verdict(others)));
        theirs = theirs.Append(
            Ada.Sign(theirs.Approval(others, room.Verdict(others), "ada")),
            Lea.Sign(theirs.Approval(others, room.Verdict(others), "lea")),
            Leo.Sign(theirs.Approval(others, room.Verdict(others), "leo")));
        theirs = theirs.Append(theirs.ByNode(theirs.Charge(others, room.Verdict(others))));
        theirs = TestStages.Ask(theirs, query);
        theirs.Append(Lea.Sign(theirs.Approval(query, verdict, "lea")), Leo.Sign(theirs.Approval(query, verdict, "leo")))
            .Accepts(theirs.ByNode(theirs.Charge(query, verdict)), "a run of another analyst does not use it up");
        var free = room.Query("free sql");
        var freely = TestStages.Ask(room, free);
        freely.Append(Lea.Sign(freely.Approval(free, room.Verdict(free), "lea")), Leo.Sign(freely.Approval(free, room.Verdict(free), "leo")))
            .Refuses(freely.ByNode(freely.Charge(free, room.Verdict(free))), RefusalCode.QueryNotApproved, "it covers the template alone");
    }

    [Fact]
    public void Checkpoint_of_an_older_state_of_this_log_is_fine()
    {
        for (var size = 1; size <= _asked.State.Log.Size; size++)
        {
            _asked.Accepts(Ada.Sign(_approval with { Checkpoint = _asked.Checkpoint(size, _asked.State.Log.RootAt(size)) }), $"{size} rows");
        }
    }

    [Theory]
    [InlineData("", RefusalCode.CheckpointInvalid)]
    [InlineData("junk", RefusalCode.CheckpointInvalid)]
    [InlineData("a\n1\nAAAA\n\n— a AAAA\n", RefusalCode.CheckpointInvalid)]
    public void Junk_checkpoint_refuses_the_statement_and_proves_nothing(string note, RefusalCode code) =>
        _asked.Refuses(Ada.Sign(_approval with { Checkpoint = note }), code);

    [Fact]
    public void Checkpoint_that_the_log_did_not_sign_refuses_the_statement_and_proves_nothing()
    {
        var fork = new Checkpoint(_asked.State.Collaboration, 3, Digest.Of("fork"u8));
        using var stranger = TestRandom.Ed25519("stranger");
        var foreign = CheckpointNote.Build(
            fork, new NoteVerifierKey(fork.Origin, NoteKeyType.Ed25519, stranger.PublicKey.Span), data => stranger.Sign(data));
        var genuine = new NoteVerifierKey(fork.Origin, NoteKeyType.Ed25519, _asked.State.Genesis!.CheckpointKey.Span);
        var forged = CheckpointNote.Build(fork, genuine, data => stranger.Sign(data));
        var elsewhere = CheckpointNote.Build(
            fork with { Origin = "elsewhere" }, new NoteVerifierKey("elsewhere", NoteKeyType.Ed25519, stranger.PublicKey.Span), data => stranger.Sign(data));

        _asked.Refuses(Ada.Sign(_approval with { Checkpoint = foreign }), RefusalCode.SignatureMissing);
        _asked.Refuses(Ada.Sign(_approval with { Checkpoint = forged }), RefusalCode.SignatureInvalid);
        _asked.Refuses(Ada.Sign(_approval with { Checkpoint = elsewhere }), RefusalCode.SignatureMissing);
    }

    [Fact]
    public void Validly_signed_checkpoint_of_another_log_or_a_longer_one_proves_a_fork_or_rollback()
    {
        var shorter = _asked.State.Log.Size - 1;

        Inconsistent(_asked, _approval with { Checkpoint = _asked.Checkpoint(shorter, Digest.Of("fork"u8)) });
        Inconsistent(_asked, _approval with { Checkpoint = _asked.Checkpoint(0, Digest.Of("fork"u8)) });
        Inconsistent(_asked, _approval with { Checkpoint = TestStages.Approved.Checkpoint() });
    }

    [Fact]
    public void Rolled_back_log_is_found_out_by_an_approval_of_what_it_no_longer_holds()
    {
        // The log was rolled back to before the query, or before the amendment: the approver's checkpoint tells, whatever else is unknown.
        Inconsistent(TestStages.Supplied, _approval);
        var amended = TestStages.SignAll(TestStages.Active, TestContracts.Next(TestContracts.First));
        Inconsistent(TestStages.Active, _approval with { ContractDigest = amended.ContractDigest, Checkpoint = amended.Checkpoint() });
        Inconsistent(TestStages.Active.Append(Leo.Sign(TestStages.Active.Suspend())), _approval);
    }

    private static void Inconsistent(TestRoom room, Approval approval)
    {
        var refusal = room.Try(Ada.Sign(approval)).Refusals.Should().ContainSingle().Which;

        refusal.Code.Should().Be(RefusalCode.CheckpointInconsistent);
        refusal.Wanted.Should().Contain($"{room.State.Log.Size} rows").And.Contain(room.State.Log.Root.Abbreviated, "both logs are named");
        refusal.Got.Should().Contain("rows with root");
    }

    private static Query Template(string test) => Template(_asked, test);

    private static Query Template(TestRoom room, string test) => room.Query($"template {test}") with
    {
        Sql = null,
        TemplateDigest = DocumentCodec.DigestOf(TestContracts.First.Templates[0]),
        Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("test", test),
    };

    private static Contract WithStanding(int maxRuns) => TestContracts.First with
    {
        Approval = TestContracts.First.Approval with
        {
            Standing =
            [
                new StandingApproval
                {
                    Collaborator = "registry",
                    TemplateDigest = DocumentCodec.DigestOf(TestContracts.First.Templates[0]),
                    Analysts = ["hospital"],
                    MaxRuns = maxRuns,
                },
            ],
        },
    };

    private static TestRoom Supplied(Contract contract)
    {
        var room = TestStages.SignAll(TestStages.People(contract), contract);
        return TestStages.Supply(TestStages.Supply(room, "registry.people", Ada), "laboratory.tests", Lea);
    }
}
