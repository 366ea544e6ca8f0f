using CleanRoom.Cryptography.Curves;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.KeyEncapsulation;

/// <summary>The sending side of one HPKE context in base mode: seals a sequence of messages to one recipient.</summary>
/// <remarks>Not safe for concurrent calls. Spec: RFC 9180 s.5.1.1, s.5.2, s.5.3; contracts/spec/0010 s.3.</remarks>
public sealed class HpkeSender : IDisposable
{
    private readonly ICryptoBackend _backend;
    private readonly HpkeSchedule _schedule;

    private HpkeSender(ICryptoBackend backend, HpkeSchedule schedule, Bytes encapsulatedKey) =>
        (_backend, _schedule, Enc) = (backend, schedule, encapsulatedKey);

    /// <summary>Gets the encapsulated key: 65 bytes.</summary>
    public Bytes Enc { get; }

    /// <summary>Starts a context with a fresh ephemeral key.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="recipientPublicKey">65 bytes. Trust: checked here; who it belongs to is the caller's to know.</param>
    /// <param name="info">The label of the use.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The context, or <see cref="RefusalCode.SealInvalid"/> when the key is not a point on the curve.</returns>
    public static async ValueTask<Result<HpkeSender>> SetupAsync(
        ICryptoBackend backend, Bytes recipientPublicKey, ReadOnlyMemory<byte> info, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        using var ephemeral = await backend.GenerateAgreementKeyAsync(cancellationToken);
        return await SetupAsync(backend, ephemeral, recipientPublicKey, info, cancellationToken);
    }

    /// <summary>Starts a context with a given ephemeral key, which published vectors need.</summary>
    internal static async ValueTask<Result<HpkeSender>> SetupAsync(
        ICryptoBackend backend,
        IAgreementKey ephemeral,
        Bytes recipientPublicKey,
        ReadOnlyMemory<byte> info,
        CancellationToken cancellationToken)
    {
        if (!P256PublicKey.IsValid(recipientPublicKey.Span))
        {
            return new Refusal(
                RefusalCode.SealInvalid,
                "a recipient key that is an uncompressed p-256 point of 65 bytes",
                $"{recipientPublicKey.Length} bytes that are none");
        }

        using var shared = await HpkeKem.EncapsulateAsync(ephemeral, recipientPublicKey, cancellationToken);
        return new HpkeSender(backend, HpkeSchedule.Derive(shared, info.Span), ephemeral.PublicKey);
    }

    /// <summary>Seals the next message.</summary>
    /// <returns>The ciphertext and tag, 16 bytes longer than the plaintext.</returns>
    public async ValueTask<byte[]> SealAsync(
        ReadOnlyMemory<byte> aad, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken)
    {
        var ciphertext = new byte[checked(plaintext.Length + AesGcmFormat.TagBytes)];
        var nonce = _schedule.Nonce();

        // Before the await: a call that fails half way must never leave its nonce to the next one.
        _schedule.Advance();
        await _backend.AesGcmSealAsync(_schedule.Key, nonce, aad, plaintext, ciphertext, cancellationToken);
        return ciphertext;
    }

    /// <summary>Derives a secret that both sides of the context share.</summary>
    /// <param name="context">The label of the use.</param>
    /// <param name="length">Bytes, 1 to 8,160.</param>
    public SecretBytes Export(ReadOnlySpan<byte> context, int length) => _schedule.Export(context, length);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => _schedule.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
