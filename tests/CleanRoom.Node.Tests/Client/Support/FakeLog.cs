using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Node.Tests.Client.Support;

/// <summary>A ledger in memory: the real fold, the real checkpoints, no store.</summary>
internal sealed class FakeLog(string collaboration, Ed25519Key checkpointKey, IAgreementKey sealingKey, FoldServices services)
{
    private readonly List<byte[]> _rows = [];
    private string _note = string.Empty;

    public string Collaboration => collaboration;

    public Ed25519Key CheckpointKey => checkpointKey;

    public IAgreementKey SealingKey => sealingKey;

    public CollaborationState State { get; private set; } = CollaborationState.Empty;

    public IReadOnlyList<byte[]> Rows => _rows;

    /// <summary>The newest note, or another that a test puts in its place.</summary>
    public string Note
    {
        get => _note.Length > 0 ? _note : Sign(State.Log.Size, State.Log.Root, checkpointKey);
        set => _note = value;
    }

    public Result<long> Append(Envelope envelope, Timestamp time)
    {
        var row = new LedgerRow(State.Log.Size, time, envelope);
        return LedgerFold.Apply(State, row, services).Then(state =>
        {
            State = state;
            _rows.Add(RowCodec.Encode(row));
            return Result.Accept(row.Sequence);
        });
    }

    /// <summary>Changes a stored row without asking the fold.</summary>
    public void Replace(int index, byte[] row) => _rows[index] = row;

    /// <summary>A copy that goes its own way, of the first rows or of all.</summary>
    public FakeLog Copy(int? count = null)
    {
        var copy = new FakeLog(collaboration, checkpointKey, sealingKey, services);
        foreach (var row in _rows.Take(count ?? _rows.Count).Select(bytes => RowCodec.Parse(bytes).Value))
        {
            copy.Append(row.Envelope, row.Time).IsAccepted.Should().BeTrue();
        }

        return copy;
    }

    public string Sign(long size, Digest root, Ed25519Key key) => CheckpointNote.Build(
        new Checkpoint(collaboration, size, root),
        new NoteVerifierKey(collaboration, NoteKeyType.Ed25519, key.PublicKey.Span),
        data => key.Sign(data));
}
