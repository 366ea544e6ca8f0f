using CleanRoom.Client.Budgets;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Persistence;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Gossip;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Cli.Profiles;

/// <summary>What a profile remembers of its rooms: <c>room.json</c> and <c>address</c> in a folder for each.</summary>
internal sealed class FileRoomMemory(ProfileDirectory profile) : IRoomMemory
{
    private const int LongestAddress = 2048;
    private const int LongestNote = 64 * 1024;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public ValueTask<Result<RoomRecord>> LoadAsync(string collaboration, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Load(collaboration));

    /// <inheritdoc/>
    public ValueTask<Refusal?> SaveAsync(RoomRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return AloneAsync(profile.RoomFolder(record.Collaboration), () => Save(record), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Result<string>> LoadBudgetLogAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(LoadNote(name));

    /// <inheritdoc/>
    public ValueTask<Refusal?> SaveBudgetLogAsync(string name, string note, CancellationToken cancellationToken) =>
        AloneAsync(profile.BudgetFolder, () => SaveNote(name, note), cancellationToken);

    private static async ValueTask<Refusal?> AloneAsync(string folder, Func<Refusal?> save, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using (var held = ProfileFiles.TryLock(Path.Combine(folder, "lock"), out var broken))
            {
                if (held is not null || broken is not null)
                {
                    return broken ?? save();
                }
            }

            if (TimeProvider.System.GetElapsedTime(began) > _patience)
            {
                return new Refusal(RefusalCode.StorageFailed, "the profile's memory to itself", "another process that holds it");
            }

            await Task.Delay(_pause, cancellationToken);
        }
    }

    /// <summary>Reads the address that the profile knows of a room.</summary>
    public Result<RoomAddress> LoadAddress(string collaboration) =>
        ProfileFiles.Read(Path.Combine(profile.RoomFolder(collaboration), "address"), LongestAddress)
            .Then(bytes => RoomAddress.Parse(System.Text.Encoding.UTF8.GetString(bytes)));

    /// <summary>Keeps the address of a room.</summary>
    public Refusal? SaveAddress(string collaboration, RoomAddress address) =>
        ProfileFiles.Write(Path.Combine(profile.RoomFolder(collaboration), "address"), System.Text.Encoding.UTF8.GetBytes(address.ToString()));

    /// <summary>Keeps what this profile has verified of a ledger: hashes, so that a receipt or another member's history can be compared later, without the room.</summary>
    /// <remarks>Where the contract has <c>recovery.k</c>, the whole ledger too: after a total loss no node can give it, and without it no member finds its share.</remarks>
    public Refusal? SaveSeen(LedgerMirror mirror)
    {
        var notSeen = ProfileFiles.Write(SeenFile(mirror.Collaboration), SeenHistory.Write(RowCodec.Encode(mirror.Rows[0]), mirror.State.Log, mirror.Note));
        return notSeen is null && mirror.State.Active?.Contract.Recovery.K is not null
            ? ProfileFiles.Write(LedgerOf(mirror.Collaboration).FullName, LedgerExport.Of(mirror))
            : notSeen;
    }

    /// <summary>Returns where this profile keeps its own copy of a ledger whose contract has <c>recovery.k</c>.</summary>
    public FileInfo LedgerOf(string collaboration) => new(Path.Combine(profile.RoomFolder(collaboration), "ledger.json"));

    /// <summary>Reads what this profile has verified of a ledger; null when it has seen nothing of it.</summary>
    public Result<SeenHistory>? LoadSeen(string collaboration, FoldServices fold) => Digest.TryParse(collaboration, out _) && File.Exists(SeenFile(collaboration))
        ? ProfileFiles.Read(SeenFile(collaboration), SeenHistory.MaxBytes).Then(bytes => SeenHistory.Parse(bytes, fold))
        : null;

    private string SeenFile(string collaboration) => Path.Combine(profile.RoomFolder(collaboration), "seen.json");

    /// <summary>Finds the room that a person means.</summary>
    /// <param name="prefix">The beginning of its id, or null for the only one.</param>
    public Result<string> Find(string? prefix)
    {
        var known = profile.Collaborations();
        var found = known.Where(id => prefix is null || id.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return found is [var only]
            ? only
            : new Refusal(
                RefusalCode.DocumentInvalid,
                prefix is null ? "--room, or a profile that knows exactly one room" : "--room with the beginning of one room's id",
                found.Count == 0 ? "no such room in the profile" : $"{found.Count} rooms: {string.Join(", ", found.Select(id => id[..12]))}");
    }

    private Result<RoomRecord> Load(string collaboration) => !Path.Exists(RecordFile(collaboration))
        ? new Refusal(RefusalCode.ContractNotActive, "a collaboration that this profile knows", collaboration)
        : Read(collaboration);

    private Result<RoomRecord> Read(string collaboration) => ProfileFiles.Read(RecordFile(collaboration), ClientCodec.MaxBytes)
        .Then(bytes => ClientCodec.ParseRecord(bytes))
        .Then<RoomRecord>(record => record.Collaboration == collaboration
            ? record
            : new Refusal(RefusalCode.DocumentInvalid, $"the memory of {collaboration}", $"that of {record.Collaboration}"));

    /// <summary>Another process may have seen more of the log meanwhile: its checkpoint stays. So does what cannot be read: it may hold one.</summary>
    private Refusal? Save(RoomRecord record)
    {
        if (!Load(record.Collaboration).TryGet(out var kept, out var refusals))
        {
            return refusals[0].Code == RefusalCode.ContractNotActive
                ? ProfileFiles.Write(RecordFile(record.Collaboration), ClientCodec.Encode(record))
                : refusals[0];
        }

        return SizeOf(kept) > SizeOf(record) ? null : ProfileFiles.Write(RecordFile(record.Collaboration), ClientCodec.Encode(record));
    }

    private string RecordFile(string collaboration) => Path.Combine(profile.RoomFolder(collaboration), "room.json");

    private Result<string> LoadNote(string name) => Digest.TryParse(name, out _) && !Path.Exists(NoteFile(name))
        ? RoomBudgets.Nothing
        : ProfileFiles.Read(NoteFile(name), LongestNote).Then(bytes => Result.Accept(System.Text.Encoding.UTF8.GetString(bytes)));

    /// <summary>As with a room: the longer log stays, and so does what cannot be read.</summary>
    private Refusal? SaveNote(string name, string note) => !LoadNote(name).TryGet(out var kept, out var refusals)
        ? refusals[0]
        : SizeOf(kept) > SizeOf(note) ? null : ProfileFiles.Write(NoteFile(name), System.Text.Encoding.UTF8.GetBytes(note));

    private string NoteFile(string name) => Path.Combine(profile.BudgetFolder, $"{name}.note");

    private static long SizeOf(RoomRecord record) => SizeOf(record.Checkpoint);

    private static long SizeOf(string? note) =>
        note is not null && SignedNote.Parse(note).Then(read => Checkpoint.Parse(read.Text)).TryGet(out var checkpoint, out _)
            ? checkpoint.Size
            : 0;
}
