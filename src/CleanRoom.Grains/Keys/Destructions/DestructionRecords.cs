using System.Collections.Immutable;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Keys.Destructions;

/// <summary>The certificates of nodes that have erased a collaboration's keys: made here, kept in the open beside the logs, readable by anyone.</summary>
/// <remarks>Nothing in one is a party's: ids, digests, public keys and evidence. Safe for concurrent calls. Spec: contracts/spec/0024.</remarks>
public sealed partial class DestructionRecords(NodeIdentity node, ILedgerStore store, TimeProvider time, ILogger<DestructionRecords> logger)
{
    private const string Prefix = "destruction-";

    /// <summary>Each machine of a cluster makes one; a cluster has fewer.</summary>
    private const int MaxCertificates = 256;

    /// <summary>Says whether a store's key is that of such records and no log's.</summary>
    public static bool IsOne(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>Makes the certificate of what this node has just erased, and keeps it. What is erased is erased, whether or not that comes off.</summary>
    /// <param name="ended">The collaboration as its log ended.</param>
    /// <param name="erased">What was there; none for a node that held nothing, which certifies nothing.</param>
    public async Task AddAsync(RoomSubject ended, ImmutableArray<ErasedSecret> erased)
    {
        ArgumentNullException.ThrowIfNull(ended);
        if (erased.IsEmpty)
        {
            return;
        }

        try
        {
            var destruction = new Destruction { Collaboration = ended.Collaboration, Time = Timestamp.From(time.GetUtcNow()), Erased = erased };
            var subject = ended.ToSubject(DestructionCertificate.NonceOf(destruction), BindingPurpose.Destruction);
            var certificate = new DestructionCertificate
            {
                Destruction = destruction,
                Attestation = await node.AttestAsync(subject, CancellationToken.None),
            };
            await KeepAsync(ended, DocumentCodec.Encode(certificate));
            LogCertified(ended.Collaboration, string.Join(", ", erased));
        }
        catch (Exception exception) when (exception is IOException or StorageException)
        {
            LogNotCertified(exception, ended.Collaboration);
        }
    }

    /// <summary>Returns the encoded certificates of a collaboration, the oldest first; none for one that has not ended or is not known.</summary>
    public async Task<ImmutableArray<byte[]>> ReadAsync(string collaboration, CancellationToken cancellationToken)
    {
        var certificates = ImmutableArray.CreateBuilder<byte[]>();
        await foreach (var row in store.ReadAsync(Prefix + collaboration, 0, MaxCertificates, cancellationToken))
        {
            certificates.Add(row.Ciphertext.ToArray());
        }

        return certificates.DrainToImmutable();
    }

    /// <summary>The machines of a cluster write at once; of two for one place the second takes the next.</summary>
    private async Task KeepAsync(RoomSubject ended, byte[] certificate)
    {
        var key = Prefix + ended.Collaboration;
        AppendOutcome outcome;
        do
        {
            var place = await store.LengthAsync(key, CancellationToken.None);
            if (place >= MaxCertificates)
            {
                throw new StorageException(StorageFailure.Full, $"wanted at most {MaxCertificates} certificates of destruction; got another", null);
            }

            outcome = await store.AppendAsync(key, place, [new SealedRow(place, certificate)], ended.Checkpoint, CancellationToken.None);
        }
        while (outcome == AppendOutcome.SequenceConflict);
    }

    [LoggerMessage(3421, LogLevel.Information, "The keys of {Collaboration} are erased here, and a certificate says so: {Erased}")]
    private partial void LogCertified(string collaboration, string erased);

    [LoggerMessage(3422, LogLevel.Error, "The keys of {Collaboration} are erased here, and no certificate could be made or kept")]
    private partial void LogNotCertified(Exception exception, string collaboration);
}
