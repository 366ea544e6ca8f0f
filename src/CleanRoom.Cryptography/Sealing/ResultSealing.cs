using System.Security.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Seals a result once, wraps its key for each receiver, and opens both.</summary>
/// <remarks>Spec: contracts/spec/0010 s.8; protocol.md 9.</remarks>
public static class ResultSealing
{
    /// <summary>Length of the salt in bytes.</summary>
    public const int SaltBytes = 32;

    /// <summary>Seals a payload under a fresh key.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="context">The run.</param>
    /// <param name="payload">The answer's bytes.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    public static async ValueTask<SealedResult> SealAsync(
        ICryptoBackend backend, ResultContext context, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var key = DataKey.Generate();
        var salted = new byte[checked(SaltBytes + payload.Length)];
        try
        {
            RandomNumberGenerator.Fill(salted.AsSpan(0, SaltBytes));
            payload.CopyTo(salted.AsMemory(SaltBytes));
            var blob = await SealedStream.SealAsync(backend, key.Secret, context.AssociatedData(), salted, cancellationToken);
            return new SealedResult(blob, CommitSalted(salted), key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salted);
        }
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
    public static async ValueTask<Result<ResultWrap>> WrapAsync(
        ICryptoBackend backend,
        ResultContext context,
        string collaborator,
        string member,
        Bytes receiveKey,
        SealedResult result,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(result);
        var wrapped = await Hpke.SealAsync(
            backend,
            receiveKey,
            Labels.ResultKeyInfo,
            context.WrapAssociatedData(collaborator, member, result.Commitment),
            result.Key.Secret.Memory,
            cancellationToken);
        return wrapped.Then<ResultWrap>(wrap => new ResultWrap
        {
            Collaborator = collaborator,
            Member = member,
            Enc = wrap.Enc,
            Ciphertext = wrap.Ciphertext,
        });
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

        var wrap = result.Wraps.FirstOrDefault(candidate =>
            string.Equals(candidate.Collaborator, collaborator, StringComparison.Ordinal)
            && string.Equals(candidate.Member, member, StringComparison.Ordinal));
        if (wrap is null)
        {
            return new Refusal(
                RefusalCode.ResultUnknown, $"a result key for {collaborator}/{member}", $"{result.Wraps.Length} for others");
        }

        var context = ResultContext.Of(result);
        var unwrapped = await KeyWraps.OpenAsync(
            backend,
            receiveKey,
            new HpkeCiphertext(wrap.Enc, wrap.Ciphertext),
            Labels.ResultKeyInfo,
            context.WrapAssociatedData(collaborator, member, result.Commitment),
            cancellationToken);
        if (!unwrapped.TryGet(out var key, out var refusals))
        {
            return refusals;
        }

        using (key)
        {
            var opened = await SealedStream.OpenAsync(backend, key.Secret, context.AssociatedData(), blob, cancellationToken);
            return opened.Then(salted => Check(salted, result.Commitment));
        }
    }

    /// <summary>Returns the commitment to a payload: SHA-256(label || 0x00 || salt || payload).</summary>
    /// <param name="salt">32 bytes.</param>
    /// <param name="payload">The answer's bytes.</param>
    /// <exception cref="ArgumentException">The salt is not 32 bytes long.</exception>
    public static Digest Commit(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> payload) => salt.Length == SaltBytes
        ? CommitSalted([.. salt, .. payload])
        : throw new ArgumentException($"wanted {SaltBytes} bytes, got {salt.Length}", nameof(salt));

    private static Digest CommitSalted(ReadOnlySpan<byte> salted) => Digest.Labelled(Labels.Result, salted);

    private static Result<OpenedResult> Check(byte[] salted, Digest commitment) =>
        salted.Length >= SaltBytes && CommitSalted(salted) == commitment
            ? new OpenedResult(new Bytes(salted.AsSpan(0, SaltBytes)), salted.AsMemory(SaltBytes))
            : new Refusal(
                RefusalCode.SealInvalid,
                $"an answer of commitment {commitment.Abbreviated}",
                "another answer under the same key");
}
