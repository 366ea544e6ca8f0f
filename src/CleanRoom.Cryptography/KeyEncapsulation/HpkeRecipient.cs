using CleanRoom.Cryptography.Curves;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.KeyEncapsulation;

/// <summary>The receiving side of one HPKE context in base mode: opens messages in the order they were sealed.</summary>
/// <remarks>Not safe for concurrent calls. Spec: RFC 9180 s.5.1.1, s.5.2, s.5.3; contracts/spec/0010 s.3.</remarks>
public sealed class HpkeRecipient : IDisposable
{
    private readonly ICryptoBackend _backend;
    private readonly HpkeSchedule _schedule;

    private HpkeRecipient(ICryptoBackend backend, HpkeSchedule schedule) => (_backend, _schedule) = (backend, schedule);

    /// <summary>Starts a context from an encapsulated key.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="recipientKey">The private key that it was sealed to.</param>
    /// <param name="encapsulatedKey">65 bytes. Trust: attacker-controlled.</param>
    /// <param name="info">The label of the use.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The context, or <see cref="RefusalCode.SealInvalid"/> when the key is not a point on the curve.</returns>
    public static async ValueTask<Result<HpkeRecipient>> SetupAsync(
        ICryptoBackend backend,
        IAgreementKey recipientKey,
        Bytes encapsulatedKey,
        ReadOnlyMemory<byte> info,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(recipientKey);
        if (!P256PublicKey.IsValid(encapsulatedKey.Span))
        {
            return new Refusal(
                RefusalCode.SealInvalid,
                "an encapsulated key that is an uncompressed p-256 point of 65 bytes",
                $"{encapsulatedKey.Length} bytes that are none");
        }

        using var shared = await HpkeKem.DecapsulateAsync(recipientKey, encapsulatedKey, cancellationToken);
        return new HpkeRecipient(backend, HpkeSchedule.Derive(shared, info.Span));
    }

    /// <summary>Opens the next message. One that does not open leaves the sequence where it is.</summary>
    /// <param name="aad">What the sender bound the message to.</param>
    /// <param name="ciphertext">Trust: attacker-controlled.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The plaintext, or <see cref="RefusalCode.SealInvalid"/>. It may be a secret: the caller zeroes it then.</returns>
    public async ValueTask<Result<byte[]>> OpenAsync(
        ReadOnlyMemory<byte> aad, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken)
    {
        if (ciphertext.Length < AesGcmFormat.TagBytes)
        {
            return new Refusal(
                RefusalCode.SealInvalid, $"at least {AesGcmFormat.TagBytes} sealed bytes", $"{ciphertext.Length} bytes");
        }

        var plaintext = new byte[ciphertext.Length - AesGcmFormat.TagBytes];
        if (!await _backend.AesGcmOpenAsync(_schedule.Key, _schedule.Nonce(), aad, ciphertext, plaintext, cancellationToken))
        {
            return new Refusal(
                RefusalCode.SealInvalid,
                "bytes sealed to this key for this use and these bound values",
                "bytes that do not authenticate");
        }

        _schedule.Advance();
        return plaintext;
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
