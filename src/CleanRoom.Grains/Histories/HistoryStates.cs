using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Messages;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Histories;

/// <summary>Keeps what the audit of earlier answers remembers in the host's store, sealed; the ledger says which state is the newest.</summary>
/// <remarks>Spec: contracts/spec/0010 s.8.2, 0015 s.5.</remarks>
/// <param name="backend">Does the encryption.</param>
/// <param name="objects">Where states go. Trust: host-controlled.</param>
/// <param name="collaboration">The collaboration's id.</param>
/// <param name="guestOnlyKey">Of the collaboration.</param>
internal sealed class HistoryStates(ICryptoBackend backend, IObjectStore objects, string collaboration, SecretBytes guestOnlyKey)
{
    /// <summary>Reads the state that the ledger names; begins one only where it names none.</summary>
    /// <param name="history">What the ledger says.</param>
    /// <param name="scope">What the state is about.</param>
    /// <param name="units">How many units the numbering has.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>
    /// The audit; or <see cref="RefusalCode.SealInvalid"/> for a state that is not there or not the one in the ledger,
    /// <see cref="RefusalCode.DocumentInvalid"/> for one about something else.
    /// </returns>
    /// <exception cref="StorageException">The store does not work at present.</exception>
    public async Task<Result<HistoryAudit>> ReadAsync(HistoryAssignment history, HistoryScope scope, int units, CancellationToken cancellationToken)
    {
        if (history.Newest is not { } newest)
        {
            return new HistoryAudit(scope, units);
        }

        var (commitment, digest) = (Digest.Parse(newest.Commitment), Digest.Parse(newest.Digest));
        if (await BytesAsync(newest, cancellationToken) is not { } blob || Digest.Of(blob) != digest)
        {
            return new Refusal(RefusalCode.SealInvalid, $"the history's {newest.Bytes} sealed bytes of digest {digest.Abbreviated}", "others, or none");
        }

        var position = new HistoryPosition(collaboration, Digest.Parse(history.ManifestDigest), commitment);
        var opened = await HistorySealing.OpenAsync(backend, guestOnlyKey, position, blob, cancellationToken);
        if (!opened.TryGet(out var state, out var refusals))
        {
            return refusals;
        }

        try
        {
            return HistoryStateCodec.Decode(state, commitment, scope, units);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(state);
        }
    }

    /// <summary>Seals and stores a state; it counts when the ledger names it.</summary>
    /// <exception cref="StorageException">The store did not take it.</exception>
    public async Task<HistoryRecord> WriteAsync(HistoryAssignment history, HistoryAudit audit, CancellationToken cancellationToken)
    {
        var state = HistoryStateCodec.Encode(audit, RandomNumberGenerator.GetBytes(HistoryStateCodec.SaltBytes));
        try
        {
            var (manifest, commitment) = (Digest.Parse(history.ManifestDigest), HistoryStateCodec.Commit(state));
            var blob = await HistorySealing.SealAsync(backend, guestOnlyKey, new HistoryPosition(collaboration, manifest, commitment), state, cancellationToken);
            var name = ObjectName.Random();
            using var content = new MemoryStream(blob, writable: false);
            if (await objects.PutAsync(ObjectContainer.Derived, name, content, cancellationToken) is var outcome and not PutOutcome.Stored)
            {
                throw new StorageException(StorageFailure.Failed, $"wanted the store to take a history; got {outcome}", cause: null);
            }

            return new HistoryRecord
            {
                ManifestDigest = manifest,
                Previous = history.Newest is { } newest ? Digest.Parse(newest.Commitment) : null,
                Commitment = commitment,
                Blob = new ResultBlob { Name = name.ToString(), Bytes = blob.Length, Digest = Digest.Of(blob) },
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(state);
        }
    }

    private async Task<byte[]?> BytesAsync(HistoryState newest, CancellationToken cancellationToken)
    {
        try
        {
            var name = ObjectName.Parse(newest.Name);
            if (await objects.LengthAsync(ObjectContainer.Derived, name, cancellationToken) != newest.Bytes)
            {
                return null;
            }

            var bytes = new byte[newest.Bytes];
            return await objects.ReadRangeAsync(ObjectContainer.Derived, name, offset: 0, bytes, cancellationToken) == bytes.Length ? bytes : null;
        }
        catch (StorageException exception) when (exception.Failure == StorageFailure.NotFound)
        {
            return null;
        }
    }
}
