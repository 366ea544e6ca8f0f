using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>A ledger and the state that follows from it. A value: appending returns another, so tests branch off where they like.</summary>
public sealed record TestRoom(CollaborationState State, ImmutableList<LedgerRow> Rows, Timestamp Now)
{
    private static readonly TimeSpan _betweenRows = TimeSpan.FromSeconds(1);
    private static readonly SignatureVerifier _verifier = new();

    /// <summary>Gets real signature checks, and the real appraisal with the simulated TEE.</summary>
    public static FoldServices Services { get; } = new(_verifier, new LedgerNodeAppraiser([new InsecureSimulatedVerifier()]), new PrivacyLimits());

    /// <summary>Gets a ledger without a row.</summary>
    public static TestRoom Empty { get; } = new(CollaborationState.Empty, [], TestPeople.Time("2026-03-01T09:00:00.000Z"));

    /// <summary>Gets the node that founded the room.</summary>
    public TestNode Node => TestNode.First;

    /// <summary>Gets the contract in force.</summary>
    public Contract Contract => State.Active!.Contract;

    /// <summary>Gets the digest of the contract in force.</summary>
    public Digest ContractDigest => State.Active!.Digest;

    /// <summary>Founds a room for a contract: row 0.</summary>
    public static TestRoom Found(Contract contract) => Empty.Append(TestNode.First.Key.Sign(TestDocuments.Genesis(contract)));

    /// <summary>Appends statements; each must be accepted.</summary>
    /// <exception cref="InvalidOperationException">One was refused: the test's own arrangement is wrong.</exception>
    public TestRoom Append(params ReadOnlySpan<Envelope> envelopes)
    {
        var room = this;
        foreach (var envelope in envelopes)
        {
            var row = room.Row(envelope);
            room = new(LedgerFold.Apply(room.State, row, Services).Value, room.Rows.Add(row), room.Now.Plus(_betweenRows));
        }

        return room;
    }

    /// <summary>Folds a statement without keeping it.</summary>
    public Result<CollaborationState> Try(Envelope envelope) => LedgerFold.Apply(State, Row(envelope), Services);

    /// <summary>Returns the same room later.</summary>
    public TestRoom Later(TimeSpan span) => this with { Now = Now.Plus(span) };

    /// <summary>Returns the same room at a moment.</summary>
    public TestRoom At(Timestamp now) => this with { Now = now };

    /// <summary>Returns the row that a statement would stand in.</summary>
    public LedgerRow Row(Envelope envelope) => new(State.Log.Size, Now, envelope);

    /// <summary>Returns the signed note over the whole log.</summary>
    public string Checkpoint() => Checkpoint(State.Log.Size, State.Log.Root);

    /// <summary>Returns a validly signed note that says whatever it is told to say.</summary>
    public string Checkpoint(long size, Digest root)
    {
        using var key = TestRandom.Ed25519(TestDocuments.CheckpointKeyName);
        return CheckpointNote.Build(
            new Checkpoint(State.Collaboration, size, root),
            new NoteVerifierKey(State.Collaboration, NoteKeyType.Ed25519, key.PublicKey.Span),
            data => key.Sign(data));
    }
}
