using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>Has the bytes of a source where this process does not, such as in a browser's worker, and does there what is done with them.</summary>
/// <remarks>
/// What it seals is the stream of contracts/spec/0010 s.4, under a salt and a prefix that it draws for every attempt: a part that is carried again
/// shares no derived key with the attempt before, whatever its bytes are by then.
/// </remarks>
public interface IPartCarrier
{
    /// <summary>Takes the data key for the parts to come. The caller disposes its own.</summary>
    ValueTask TakeKeyAsync(DataKey key, CancellationToken cancellationToken);

    /// <summary>Reads a part.</summary>
    /// <returns>The SHA-256 of its plaintext; or <see cref="RefusalCode.SourceChanged"/>, also when that is not the part's digest.</returns>
    ValueTask<Result<Digest>> DigestAsync(SourcePart part, CancellationToken cancellationToken);

    /// <summary>Reads a part, compares it with its digest, seals and puts it.</summary>
    /// <returns>What the destination answered; or <see cref="RefusalCode.SourceChanged"/> or <see cref="RefusalCode.Unavailable"/>, with nothing acknowledged.</returns>
    ValueTask<Result<PartAnswer>> CarryAsync(SourcePart part, PartDestination destination, CancellationToken cancellationToken);
}

/// <summary>A part of a source.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Offset">Of its first byte in the source.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Digest">SHA-256 of its plaintext when the upload began; null while the upload begins.</param>
public sealed record SourcePart(int Index, long Offset, int Length, Digest? Digest)
{
    /// <summary>Gets the place behind its last byte.</summary>
    public long End => Offset + Length;
}

/// <summary>Where a sealed part goes.</summary>
/// <param name="AssociatedData">What its stream is bound to: 0010 s.6.</param>
/// <param name="Address">Where parts of the upload are put, in front of the digest of the sealed bytes.</param>
/// <param name="Token">The bearer token of the upload: 0013 s.4.</param>
public sealed record PartDestination(byte[] AssociatedData, Uri Address, string Token)
{
    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}

/// <summary>What was answered to a sealed part. Trust: anyone on the way can write it.</summary>
/// <param name="Digest">SHA-256 of the sealed bytes.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">At most 256 KiB.</param>
public sealed record PartAnswer(Digest Digest, int Status, Bytes Body);
