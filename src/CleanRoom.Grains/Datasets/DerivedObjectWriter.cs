using System.IO.Pipelines;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Datasets;

/// <summary>Seals what a writer writes and stores it as it comes: constant memory, and nothing in clear on the way.</summary>
internal static class DerivedObjectWriter
{
    private const int SegmentBytes = 64 << 10;

    /// <summary>Stores one derived object.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="objects">Where it goes.</param>
    /// <param name="storageKey">32 bytes.</param>
    /// <param name="position">What it is bound to; its name is that of the object.</param>
    /// <param name="aheadBytes">How far the writer may be ahead of the sealing, and this of the store: one that flushes to the disk takes nothing meanwhile.</param>
    /// <param name="writeAsync">Writes the plaintext; false discards everything.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    /// <returns>The object, durable in the store; null when it was discarded.</returns>
    /// <exception cref="StorageException">The store did not take it.</exception>
    public static async Task<DerivedObject?> WriteAsync(
        ICryptoBackend backend,
        IObjectStore objects,
        SecretBytes storageKey,
        DerivedPosition position,
        int aheadBytes,
        Func<Stream, CancellationToken, Task<bool>> writeAsync,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new PipeOptions(
            pauseWriterThreshold: aheadBytes, resumeWriterThreshold: aheadBytes / 2, minimumSegmentSize: SegmentBytes, useSynchronizationContext: false);
        var (plain, ciphertext) = (new Pipe(ahead), new Pipe(ahead));
        using var hashing = new HashingStream(ciphertext.Reader.AsStream());
        var plaintextBytes = 0L;

        async Task Write()
        {
            var isKept = await writeAsync(plain.Writer.AsStream(leaveOpen: true), stop.Token);
            await plain.Writer.CompleteAsync(isKept ? null : new DiscardedException());
        }

        async Task Seal()
        {
            plaintextBytes = await SealedStream.SealAsync(
                backend, storageKey, position.AssociatedData(), plain.Reader.AsStream(), ciphertext.Writer.AsStream(leaveOpen: true), stop.Token);
            await ciphertext.Writer.CompleteAsync();
        }

        async Task Store()
        {
            var name = ObjectName.Parse(position.Name);
            var outcome = await objects.PutAsync(ObjectContainer.Derived, name, hashing, stop.Token);
            if (outcome != PutOutcome.Stored)
            {
                throw new StorageException(StorageFailure.Failed, $"wanted the store to take a derived object; got {outcome}", cause: null);
            }
        }

        try
        {
            // Whichever step fails stops the others: a pipe alone would go on into the void.
            await Task.WhenAll(StopOthers(Write, stop, plain.Writer), StopOthers(Seal, stop, ciphertext.Writer), StopOthers(Store, stop, writer: null));
        }
        catch (DiscardedException)
        {
            return null;
        }

        return new DerivedObject
        {
            Partition = position.Partition,
            Name = position.Name,
            PlaintextBytes = plaintextBytes,
            Digest = hashing.Finish(),
        };
    }

    private static async Task StopOthers(Func<Task> step, CancellationTokenSource stop, PipeWriter? writer)
    {
        try
        {
            await step();
        }
        catch (Exception exception)
        {
            if (writer is not null)
            {
                await writer.CompleteAsync(exception);
            }

            // The one that is discarded ends by itself, from the writer to the store.
            if (exception is not DiscardedException)
            {
                await stop.CancelAsync();
            }

            throw;
        }
    }
}
