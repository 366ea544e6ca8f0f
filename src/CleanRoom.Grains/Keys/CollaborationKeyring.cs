using System.Collections.Concurrent;
using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Grains.Keys;

/// <summary>The collaboration secrets on this silo. Grains on the silo share it; nothing in it crosses a wire.</summary>
public sealed class CollaborationKeyring(ICryptoBackend backend, ISecretSealer sealer, ILedgerStore store) : IDisposable
{
    private readonly ConcurrentDictionary<string, RoomKeys> _rooms = new(StringComparer.Ordinal);

    /// <summary>Makes the keys of a collaboration that does not exist yet. The caller adopts or disposes them.</summary>
    public Task<CollaborationKeys> GenerateAsync(CancellationToken cancellationToken) =>
        CollaborationKeys.DeriveAsync(backend, CollaborationSecret.Generate(), cancellationToken);

    /// <summary>Keeps the keys of a collaboration that was made here, sealed to the TEE at rest. It is fresh: no older copy can exist.</summary>
    public async Task<RoomKeys> AdoptAsync(string collaboration, CollaborationKeys keys, CancellationToken cancellationToken)
    {
        using var secret = keys.ExportSecret();
        var sealedSecret = await sealer.SealAsync(secret, Context(collaboration), cancellationToken);
        await store.PutSealedSecretAsync(collaboration, sealedSecret.Memory, cancellationToken);
        var room = new RoomKeys(keys, isFresh: true);
        if (!_rooms.TryAdd(collaboration, room))
        {
            throw new InvalidOperationException("a collaboration's id commits to its keys; it cannot be made twice");
        }

        return room;
    }

    /// <summary>Opens the keys of a collaboration: from memory, or unsealed by the TEE after a start.</summary>
    public async Task<Result<RoomKeys>> OpenAsync(string collaboration, CancellationToken cancellationToken)
    {
        if (_rooms.TryGetValue(collaboration, out var open))
        {
            return open;
        }

        if (await store.GetSealedSecretAsync(collaboration, cancellationToken) is not { } sealedSecret)
        {
            // Whoever asks for a room that never was here is wrong; where rows are and no secret is, the machine is.
            return await store.LengthAsync(collaboration, cancellationToken) == 0
                ? new Refusal(RefusalCode.CollaborationUnknown, "a collaboration of this node", "another id")
                : new Refusal(RefusalCode.Unavailable, "a collaboration secret sealed to this machine", "none");
        }

        var unsealed = await sealer.UnsealAsync(sealedSecret.Memory, Context(collaboration), cancellationToken);
        if (!unsealed.TryGet(out var secret, out var refusals))
        {
            return refusals;
        }

        using var opened = secret;
        var keys = await CollaborationKeys.DeriveAsync(backend, CollaborationSecret.Import(opened), cancellationToken);
        var room = _rooms.GetOrAdd(collaboration, new RoomKeys(keys, isFresh: false));
        if (room.Keys != keys)
        {
            keys.Dispose();
        }

        return room;
    }

    /// <summary>Zeroes a collaboration's keys in memory and removes the sealed copy. Copies that the host kept are out of reach.</summary>
    public async Task DestroyAsync(string collaboration, CancellationToken cancellationToken)
    {
        if (_rooms.TryRemove(collaboration, out var room))
        {
            room.Dispose();
        }

        await store.DeleteSealedSecretAsync(collaboration, cancellationToken);
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

    private static byte[] Context(string collaboration) => System.Text.Encoding.ASCII.GetBytes("cleanroom/v1/collaboration-secret/" + collaboration);
}
