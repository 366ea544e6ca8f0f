using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Keys.Destructions;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Grains.Keys;

/// <summary>The collaboration secrets on this silo. Grains on the silo share it; what leaves it is sealed to this machine's TEE or, by
/// <see cref="KeyHolder"/>, to a node that the contract accepts.</summary>
public sealed class CollaborationKeyring(
    ICryptoBackend backend, SealedSecrets secrets, ILedgerStore store, IPeerKeys peers, IMachineCounter counter, DestructionRecords records) : IDisposable
{
    private readonly ConcurrentDictionary<string, RoomKeys> _rooms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Result<RoomKeys>>>> _opening = new(StringComparer.Ordinal);

    /// <summary>Makes the keys of a collaboration that does not exist yet. The caller adopts or disposes them.</summary>
    public Task<CollaborationKeys> GenerateAsync(CancellationToken cancellationToken) =>
        CollaborationKeys.DeriveAsync(backend, CollaborationSecret.Generate(), cancellationToken);

    /// <summary>Keeps the keys of a collaboration that was made here, sealed to the TEE at rest. It is fresh: no older copy can exist.</summary>
    public async Task<RoomKeys> AdoptAsync(string collaboration, CollaborationKeys keys, CancellationToken cancellationToken)
    {
        using var secret = keys.ExportSecret();
        await secrets.PutAsync(collaboration, Context(collaboration), secret, cancellationToken);
        var room = new RoomKeys(keys, isFresh: true);
        if (!_rooms.TryAdd(collaboration, room))
        {
            throw new InvalidOperationException("a collaboration's id commits to its keys; it cannot be made twice");
        }

        return room;
    }

    /// <summary>Gets the collaborations whose keys are in this silo's memory, at this moment.</summary>
    public IReadOnlyCollection<string> Held => [.. _rooms.Keys];

    /// <summary>Returns the keys that are in this silo's memory; null when they are not.</summary>
    public RoomKeys? FindHeld(string collaboration) => _rooms.GetValueOrDefault(collaboration);

    /// <summary>Opens the keys of a collaboration: from memory, unsealed by the TEE after a start, or handed over by a peer.</summary>
    public async Task<Result<RoomKeys>> OpenAsync(string collaboration, CancellationToken cancellationToken)
    {
        if (_rooms.TryGetValue(collaboration, out var open))
        {
            return open;
        }

        // Whoever asks for a room that never was here is wrong; where rows are and no secret is, the machine is.
        if (await store.LengthAsync(collaboration, cancellationToken) == 0 && !await secrets.HasAsync(collaboration, cancellationToken))
        {
            return new Refusal(RefusalCode.CollaborationUnknown, "a collaboration of this node", "another id");
        }

        // Of several grains that open a room at once, one asks: each handover is a row of the ledger.
        var opening = _opening.GetOrAdd(collaboration, id => new(() => OpenOnceAsync(id)));
        try
        {
            return await opening.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            _opening.TryRemove(KeyValuePair.Create(collaboration, opening));
        }
    }

    /// <summary>Takes a secret that members have restored from their shares.</summary>
    /// <param name="collaboration">The collaboration.</param>
    /// <param name="secret">32 bytes. The caller still disposes it.</param>
    /// <param name="record">Opens the log with the keys, judges, and writes down in it who restored them; says why they are not to be kept.</param>
    /// <param name="cancellationToken">Stops before the log is opened.</param>
    /// <returns>The keys, sealed to the TEE at rest and not known to be those of the newest log; or why nothing of the secret was kept.</returns>
    public async Task<Result<RoomKeys>> RestoreAsync(
        string collaboration, SecretBytes secret, Func<RoomKeys, Task<ImmutableArray<Refusal>>> record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        var room = new RoomKeys(await DeriveAsync(secret), isFresh: false);
        var isKept = false;
        try
        {
            ImmutableArray<Refusal> refusals = await WhyOthersAsync(collaboration, room.Keys) is { } other ? [other] : await record(room);
            if (!refusals.IsEmpty)
            {
                return refusals;
            }

            await secrets.PutAsync(collaboration, Context(collaboration), secret, CancellationToken.None);
            isKept = _rooms.TryAdd(collaboration, room);
            return isKept ? room : new Refusal(RefusalCode.NotPermitted, "a room whose keys are lost", "one whose keys this node has");
        }
        finally
        {
            if (!isKept)
            {
                room.Dispose();
            }
        }
    }

    /// <summary>Zeroes a collaboration's keys in memory and removes the sealed copy, here and at every peer. Copies that the host kept are out of reach.</summary>
    /// <param name="collaboration">The collaboration.</param>
    /// <param name="ended">How its log ended, for the certificates; null for one that never began.</param>
    /// <param name="cancellationToken">Stops before the first key is zeroed.</param>
    public async Task DestroyAsync(string collaboration, RoomSubject? ended, CancellationToken cancellationToken)
    {
        await ForgetAsync(collaboration, ended, cancellationToken);
        await peers.ForgetAsync(collaboration, ended, cancellationToken);
    }

    /// <summary>Zeroes a collaboration's keys in this silo's memory, removes its sealed copy, and certifies it.</summary>
    /// <inheritdoc cref="DestroyAsync"/>
    public async Task ForgetAsync(string collaboration, RoomSubject? ended, CancellationToken cancellationToken)
    {
        var erased = ImmutableArray.CreateBuilder<ErasedSecret>();
        if (_rooms.TryRemove(collaboration, out var room))
        {
            room.Dispose();
            erased.Add(ErasedSecret.KeysInMemory);
        }

        if (await secrets.HasAsync(collaboration, cancellationToken))
        {
            await secrets.DeleteAsync(collaboration, cancellationToken);
            erased.Add(ErasedSecret.SealedCopy);
        }

        // A counter that stays takes one of the few places; nothing else hangs on it.
        if (room?.Counter.IsHeld == true && await counter.DeleteAsync(collaboration, cancellationToken) is null)
        {
            erased.Add(ErasedSecret.MachineCounter);
        }

        if (ended is not null)
        {
            await records.AddAsync(ended, erased.ToImmutable());
        }
    }

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        foreach (var room in _rooms.Values)
        {
            room.Dispose();
        }

        _rooms.Clear();
    }

    private static byte[] Context(string collaboration) => Encoding.ASCII.GetBytes("cleanroom/v1/collaboration-secret/" + collaboration);

    private async Task<Result<RoomKeys>> OpenOnceAsync(string collaboration)
    {
        if (_rooms.TryGetValue(collaboration, out var open))
        {
            return open;
        }

        if ((await secrets.OpenAsync(collaboration, Context(collaboration), CancellationToken.None)).TryGet(out var secret, out var sealedRefusals))
        {
            using (secret)
            {
                return Keep(collaboration, await DeriveAsync(secret), isFresh: false);
            }
        }

        if (await peers.FetchAsync(collaboration, CancellationToken.None) is not { } asked)
        {
            return sealedRefusals;
        }

        if (!asked.TryGet(out var handed, out var refusals))
        {
            return sealedRefusals.AddRange(refusals);
        }

        using (handed)
        {
            return await TakeAsync(collaboration, handed);
        }
    }

    /// <summary>Takes what a peer handed over. The log of a holder of this build is the newest, or it would have refused; after any other, it is yet to be shown.</summary>
    private async Task<Result<RoomKeys>> TakeAsync(string collaboration, HandedSecret handed)
    {
        var keys = await DeriveAsync(handed.Secret);
        if (await WhyOthersAsync(collaboration, keys) is { } other)
        {
            keys.Dispose();
            return other;
        }

        await secrets.PutAsync(collaboration, Context(collaboration), handed.Secret, CancellationToken.None);
        var room = Keep(collaboration, keys, isFresh: handed.Seen is not null);
        if (handed.Seen is { } seen)
        {
            room.See(seen.Size, seen.Root);
        }

        return room;
    }

    /// <summary>A secret is the collaboration's when it opens row 0: nothing else is kept in its place.</summary>
    private async Task<Refusal?> WhyOthersAsync(string collaboration, CollaborationKeys keys)
    {
        await foreach (var first in store.ReadAsync(collaboration, 0, 1, CancellationToken.None))
        {
            var opened = await RowSealing.OpenAsync(backend, keys.Row, new RowPosition(collaboration, 0, null), first.Ciphertext, CancellationToken.None);
            return opened.IsAccepted ? null : new(RefusalCode.SealInvalid, $"a secret that opens row 0 of {collaboration}", "another");
        }

        return new(RefusalCode.CollaborationUnknown, "a collaboration of this node", "another id");
    }

    private async Task<CollaborationKeys> DeriveAsync(SecretBytes secret) =>
        await CollaborationKeys.DeriveAsync(backend, CollaborationSecret.Import(secret), CancellationToken.None);

    private RoomKeys Keep(string collaboration, CollaborationKeys keys, bool isFresh)
    {
        var room = _rooms.GetOrAdd(collaboration, new RoomKeys(keys, isFresh));
        if (room.Keys != keys)
        {
            keys.Dispose();
        }

        return room;
    }
}
