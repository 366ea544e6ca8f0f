using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Seals a result once, wraps its key for each receiver, and opens both.</summary>
/// <remarks>Spec: contracts/spec/0010 s.8.</remarks>
public static class ResultSealing
{
    /// <summary>Length of the salt in bytes.</summary>
    public const int SaltBytes = SealedAnswers.SaltBytes;

    /// <summary>Seals a payload under a fresh key.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="context">The run.</param>
    /// <param name="payload">The answer's bytes.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    public static ValueTask<SealedResult> SealAsync(
        ICryptoBackend backend, ResultContext context, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Of(context).SealAsync(backend, payload, cancellationToken);
    }

    /// <summary>Wraps a result's key for one receiver. MUST be called only for the Result row's own commit.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="context">The run.</param>
    /// <param name="collaborator">The receiver's collaborator id.</param>
    /// <param name="member">The receiver's name in it.</param>
    /// <param name="receiveKey">65 bytes, from the receiver's delegation.</param>
    /// <param name="result">What <see cref="SealAsync"/> returned.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The wrap, or <see cref="RefusalCode.SealInvalid"/> when the key is not a point on the curve.</returns>
    public static ValueTask<Result<ResultWrap>> WrapAsync(
        ICryptoBackend backend,
        ResultContext context,
        string collaborator,
        string member,
        Bytes receiveKey,
        SealedResult result,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Of(context).WrapAsync(backend, collaborator, member, receiveKey, result, cancellationToken);
    }

    /// <summary>Opens a result with a receiver's key and checks it against the row that announced it.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="receiveKey">The receiver's private key.</param>
    /// <param name="result">The Result row's document, whose signature and inclusion the caller has checked.</param>
    /// <param name="collaborator">The receiver's collaborator id.</param>
    /// <param name="member">The receiver's name in it.</param>
    /// <param name="blob">Trust: host-controlled.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    /// <returns>
    /// The answer; or <see cref="RefusalCode.ResultUnknown"/> when there is no wrap for this member, or
    /// <see cref="RefusalCode.SealInvalid"/> when blob, wrap or commitment do not hold.
    /// </returns>
    public static async ValueTask<Result<OpenedResult>> OpenAsync(
        ICryptoBackend backend,
        IAgreementKey receiveKey,
        RunResult result,
        string collaborator,
        string member,
        ReadOnlyMemory<byte> blob,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (blob.Length != result.Blob.Bytes || Digest.Of(blob.Span) != result.Blob.Digest)
        {
            return new Refusal(
                RefusalCode.SealInvalid,
                $"the result's {result.Blob.Bytes} sealed bytes of digest {result.Blob.Digest.Abbreviated}",
                $"{blob.Length} bytes of digest {Digest.Of(blob.Span).Abbreviated}");
        }

        return await Of(ResultContext.Of(result))
            .OpenAsync(backend, receiveKey, result.Commitment, blob, result.Wraps, collaborator, member, cancellationToken);
    }

    /// <summary>Returns the commitment to a payload: SHA-256(label || 0x00 || salt || payload).</summary>
    /// <param name="salt">32 bytes.</param>
    /// <param name="payload">The answer's bytes.</param>
    /// <exception cref="ArgumentException">The salt is not 32 bytes long.</exception>
    public static Digest Commit(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> payload) => salt.Length == SaltBytes
        ? Digest.Labelled(Labels.Result, [.. salt, .. payload])
        : throw new ArgumentException($"wanted {SaltBytes} bytes, got {salt.Length}", nameof(salt));

    private static SealedAnswers Of(ResultContext context) =>
        new(Labels.Result, Labels.ResultKeyInfo, context.AssociatedData(), context.WrapAssociatedData);
}
