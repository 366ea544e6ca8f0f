using System.Collections.Immutable;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Publication;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>The owners' budget logs, and the proofs of them that hold every charge. Spec: contracts/spec/0016.</summary>
public sealed class BudgetLogTests
{
    private static readonly DpRules _rules = new()
    {
        Epsilon = 4, Delta = 0.000000001m, MaxEpsilonPerQuery = 4, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None,
    };

    private static readonly PrivacyCost _half = new(PrivacyBudget.From(_rules).Value.Total.NanoRho / 2, 5);
    private static readonly (TestRoom Room, Query Query, Verdict Verdict) _approved = PrivateRooms.Approved(PrivateRooms.Supplied(_rules), _half);

    [Fact]
    public void Charge_with_its_proof_is_taken_and_the_log_is_held_in_place()
    {
        var (room, cost) = (Room, Cost(Room));

        var charged = room.Append(room.ByNode(Charge(room)));

        charged.State.BudgetLogs[cost.LogName].Should().Be(new Checkpoint(TestBudgets.IdOf(cost), 2, Root(charged, cost)));
    }

    public static TheoryData<string> Faults => [.. _faults.Keys];

    private static readonly Dictionary<string, Func<TestRoom, Charge, Charge>> _faults = new(StringComparer.Ordinal)
    {
        ["no proof"] = (_, charge) => charge with { BudgetLogs = [] },
        ["twice"] = (_, charge) => charge with { BudgetLogs = [.. charge.BudgetLogs, .. charge.BudgetLogs] },
        ["another owner"] = (_, charge) => With(charge, proof => proof with { Owner = "laboratory" }),
        ["another domain"] = (_, charge) => With(charge, proof => proof with { Domain = "household-v1" }),
        ["the id of another log"] = (_, charge) => With(charge, proof => proof with { BudgetLog = new string('0', 64) }),
        ["another key"] = (_, charge) => With(charge, proof => proof with { CheckpointKey = TestRandom.Bytes("another", 32) }),
        ["a note that another signed"] = (room, charge) => With(charge, proof => proof with { Checkpoint = room.Checkpoint() }),
        ["no row"] = (_, charge) => With(charge, proof => proof with { Row = default }),
        ["a row outside the tree"] = (room, charge) => Booked(room, charge, inTree: false, booking => booking),
        ["a hash of the tree less"] = (_, charge) => With(charge, proof => proof with { Inclusion = proof.Inclusion[..^1] }),
        ["a consistency proof of nothing"] = (_, charge) => With(charge, proof => proof with { Consistency = [Digest.Of("x"u8)] }),
        ["less rho"] = (room, charge) => Booked(room, charge, inTree: true, booking => booking with { NanoRho = booking.NanoRho - 1 }),
        ["less delta"] = (room, charge) => Booked(room, charge, inTree: true, booking => booking with { AttoDelta = booking.AttoDelta - 1 }),
        ["another run"] = (room, charge) => Booked(room, charge, inTree: true, booking => booking with { Run = 2 }),
        ["another query"] = (room, charge) => Booked(room, charge, inTree: true, booking => booking with { QueryDigest = Digest.Of("x"u8) }),
        ["another collaboration"] = (room, charge) => Booked(room, charge, inTree: true, booking => booking with { Collaboration = new string('0', 64) }),
        ["another version"] = (room, charge) => Booked(room, charge, inTree: true, booking => booking with { Versions = [Digest.Of("x"u8)] }),
        ["a node that nobody admitted"] = (room, charge) => Booked(
            room, charge, inTree: true, booking => booking with { SigningKey = Es256TestKey.Named("stranger").PublicKey }, Es256TestKey.Named("stranger")),
        ["a row that its node did not sign"] = (room, charge) => Booked(room, charge, inTree: true, booking => booking, Es256TestKey.Named("stranger")),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Charge_without_the_whole_proof_is_refused(string fault)
    {
        var charge = Charge(Room);

        Room.Refuses(Room.ByNode(_faults[fault](Room, charge)), RefusalCode.ProofInvalid);
        Room.Accepts(Room.ByNode(charge));
    }

    [Fact]
    public void Charge_over_a_log_that_was_rolled_back_is_proof_against_the_node()
    {
        var once = TestStages.Run(Room, _approved.Query, _approved.Verdict, 1);
        var forgotten = once with { State = once.State with { Queries = Room.State.Queries } };
        var second = TestBudgets.Proof(forgotten, Booking(once, 2), Cost(once));

        var charge = Booking(once, 2) with { BudgetLogs = [second with { Consistency = [] }] };

        once.Refuses(once.ByNode(charge), RefusalCode.CheckpointInconsistent, "its log has no row of the first run any more");
        once.Accepts(once.ByNode(once.Charge(_approved.Query, _approved.Verdict, 2)));
    }

    [Fact]
    public void Charge_over_another_log_of_the_same_owner_is_proof_against_the_node()
    {
        var once = TestStages.Run(Room, _approved.Query, _approved.Verdict, 1);
        var charge = once.Charge(_approved.Query, _approved.Verdict, 2);

        once.Refuses(once.ByNode(With(charge, proof => proof with { BudgetLog = new string('0', 64) })), RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public void Charges_of_other_collaborations_stand_between_without_being_shown()
    {
        var once = TestStages.Run(Room, _approved.Query, _approved.Verdict, 1);
        var (cost, charge) = (Cost(once), Booking(once, 2));
        var rows = TestBudgets.Rows(once.State, cost);
        var others = Enumerable.Range(1, 3).Aggregate(rows, (log, run) => log.Add(TestBudgets.Next(
            log, once.Now, TestBudgets.Booking(charge, cost) with { Collaboration = new string('1', 64), Run = run })));
        var proof = TestBudgets.Proof(once.State, cost, others.Add(TestBudgets.Next(others, once.Now, TestBudgets.Booking(charge, cost))));

        var charged = once.Append(once.ByNode(charge with { BudgetLogs = [proof] }));

        charged.State.BudgetLogs[cost.LogName].Size.Should().Be(6);
    }

    [Fact]
    public void Spent_counts_every_collaboration_and_of_one_that_began_anew_its_current_version()
    {
        var (current, old) = (Digest.Of("current"u8), Digest.Of("old"u8));
        var log = BudgetLogState.Empty with { Charges = [Row("here", old, 1), Row("here", current, 2), Row("there", old, 4)] };

        log.Spent("here", version: null).Should().Be(new PrivacyLimit(7, 70));
        log.Spent("here", current).Should().Be(new PrivacyLimit(6, 60));
        log.Spent("there", current).Should().Be(new PrivacyLimit(3, 30));

        static OwnerCharge Row(string collaboration, Digest version, long cost) => new()
        {
            BudgetLog = string.Empty,
            Collaboration = collaboration,
            QueryDigest = default,
            Run = 1,
            Versions = [version],
            NanoRho = cost,
            AttoDelta = cost * 10,
            SigningKey = default,
        };
    }

    public static TheoryData<string, RefusalCode> Rows => new()
    {
        { "genesis again", RefusalCode.RowInvalid },
        { "a gap", RefusalCode.RowInvalid },
        { "an earlier time", RefusalCode.ClockWrong },
        { "another log", RefusalCode.NotPermitted },
        { "less than nothing", RefusalCode.DocumentInvalid },
        { "nothing", RefusalCode.DocumentInvalid },
        { "the run again", RefusalCode.Replayed },
        { "another document", RefusalCode.RowInvalid },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_that_breaks_the_log_is_refused(string fault, RefusalCode code)
    {
        var (cost, rows) = (Cost(Room), TestBudgets.Rows(Room.State, Cost(Room)));
        var booking = TestBudgets.Booking(Booking(Room, 1), cost);
        var log = rows.Add(TestBudgets.Next(rows, Room.Now, booking));
        var row = fault switch
        {
            "genesis again" => rows[0] with { Sequence = 2, Time = Room.Now },
            "a gap" => TestBudgets.Next(log, Room.Now, booking with { Run = 2 }) with { Sequence = 3 },
            "an earlier time" => TestBudgets.Next(log, Room.Now.Plus(TimeSpan.FromMilliseconds(-1)), booking with { Run = 2 }),
            "another log" => TestBudgets.Next(log, Room.Now, booking with { Run = 2, BudgetLog = new string('0', 64) }),
            "less than nothing" => TestBudgets.Next(log, Room.Now, booking with { Run = 2, NanoRho = -1 }),
            "nothing" => TestBudgets.Next(log, Room.Now, booking with { Run = 2, NanoRho = 0, AttoDelta = 0 }),
            "the run again" => TestBudgets.Next(log, Room.Now, booking),
            "another document" => new LedgerRow(2, Room.Now, TestNode.First.Key.Sign(Room.Suspend())),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };

        BudgetFold.Apply(Fold(log), row, TestRoom.Services.Signatures).Refusals.Should().ContainSingle().Which.Code.Should().Be(code);
    }

    [Fact]
    public void Vector_of_a_charge_holds_a_proof_that_verifies()
    {
        var charge = Vector<Charge>("charge");
        var (genesis, booking, proof) = (Vector<BudgetGenesis>("budget-genesis"), Vector<OwnerCharge>("owner-charge"), charge.BudgetLogs.Single());
        var verifier = new SignatureVerifier();

        proof.BudgetLog.Should().Be(BudgetLogId.Of(genesis.OwnerKey, genesis.Domain, proof.CheckpointKey)).And.Be(genesis.BudgetLog);
        var row = RowCodec.Parse(proof.Row.Span).Value;
        DocumentCodec.DigestOf(BudgetFold.ChargeOf(row, verifier).Value).Should().Be(DocumentCodec.DigestOf(booking));
        var checkpoint = CheckpointNote.Verify(proof.Checkpoint, proof.BudgetLog, proof.CheckpointKey.Span, verifier).Value;
        MerkleTree.VerifyInclusion(row.Leaf, row.Sequence, checkpoint.Size, proof.Inclusion, checkpoint.Root).Should().BeTrue();
    }

    private static TestRoom Room => _approved.Room;

    private static T Vector<T>(string name)
        where T : Document => DocumentCodec.Parse<T>(File.ReadAllBytes(CommittedFiles.Folder("vectors", "documents", $"{name}.json"))).Value;

    private static Charge Charge(TestRoom room) => room.Charge(_approved.Query, _approved.Verdict);

    private static Charge Booking(TestRoom room, int run) => room.Charge(_approved.Query, _approved.Verdict, run) with { BudgetLogs = [] };

    private static OwnerCost Cost(TestRoom room) => OwnerCost.Of(room.State, _approved.Query, _approved.Verdict.Budget).Single();

    private static BudgetLogState Fold(ImmutableArray<LedgerRow> rows) =>
        rows.Aggregate(BudgetLogState.Empty, (state, row) => BudgetFold.Apply(state, row, TestRoom.Services.Signatures).Value);

    private static Digest Root(TestRoom room, OwnerCost cost) => Fold(TestBudgets.Rows(room.State, cost)).Log.Root;

    private static Charge With(Charge charge, Func<BudgetProof, BudgetProof> change) => charge with { BudgetLogs = [change(charge.BudgetLogs.Single())] };

    /// <summary>Returns the charge with the proof of another row; outside the tree, the row is shown with the proof of the right one.</summary>
    private static Charge Booked(TestRoom room, Charge charge, bool inTree, Func<OwnerCharge, OwnerCharge> change, Es256TestKey? signer = null)
    {
        var (cost, rows) = (Cost(room), TestBudgets.Rows(room.State, Cost(room)));
        var row = new LedgerRow(rows.Length, room.Now, (signer ?? TestNode.First.Key).Sign(change(TestBudgets.Booking(charge, cost))));
        if (!inTree)
        {
            return With(charge, proof => proof with { Row = new Bytes(RowCodec.Encode(row with { Time = room.Now.Plus(TimeSpan.FromSeconds(1)) })) });
        }

        var leaves = rows.Add(row).Select(r => r.Leaf).ToList();
        using var key = TestRandom.Ed25519($"budget log {cost.LogName}");
        var note = CheckpointNote.Build(
            new Checkpoint(TestBudgets.IdOf(cost), leaves.Count, MerkleTree.Root(leaves)),
            new NoteVerifierKey(TestBudgets.IdOf(cost), NoteKeyType.Ed25519, key.PublicKey.Span),
            text => key.Sign(text));
        return With(charge, proof => proof with
        {
            Row = new Bytes(RowCodec.Encode(row)), Inclusion = MerkleTree.InclusionProof(leaves, rows.Length, leaves.Count), Checkpoint = note,
        });
    }
}
