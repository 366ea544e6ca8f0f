using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.KeyEncapsulation;

/// <summary>Seals one message to one public key. Spec: RFC 9180 s.6.1; contracts/spec/0010 s.3.</summary>
public static class Hpke
{
    /// <summary>Seals with a fresh ephemeral key.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="recipientPublicKey">65 bytes.</param>
    /// <param name="info">The label of the use.</param>
    /// <param name="aad">JCS of what the message is bound to.</param>
    /// <param name="plaintext">Any length.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The sealed message, or <see cref="RefusalCode.SealInvalid"/> when the key is not a point on the curve.</returns>
    public static async ValueTask<Result<HpkeCiphertext>> SealAsync(
        ICryptoBackend backend,
        Bytes recipientPublicKey,
        ReadOnlyMemory<byte> info,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> plaintext,
        CancellationToken cancellationToken)
    {
        var setup = await HpkeSender.SetupAsync(backend, recipientPublicKey, info, cancellationToken);
        if (!setup.TryGet(out var sender, out var refusals))
        {
            return refusals;
        }

        using (sender)
        {
            return new HpkeCiphertext(sender.Enc, new Bytes(await sender.SealAsync(aad, plaintext, cancellationToken)));
        }
    }

    /// <summary>Opens what <see cref="SealAsync"/> sealed.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="recipientKey">The private key that it was sealed to.</param>
    /// <param name="enc">Trust: attacker-controlled.</param>
    /// <param name="info">The label of the use.</param>
    /// <param name="aad">JCS of what the message must be bound to.</param>
    /// <param name="ciphertext">Trust: attacker-controlled.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The plaintext, or <see cref="RefusalCode.SealInvalid"/>. It may be a secret: the caller zeroes it then.</returns>
    public static async ValueTask<Result<byte[]>> OpenAsync(
        ICryptoBackend backend,
        IAgreementKey recipientKey,
        Bytes enc,
        ReadOnlyMemory<byte> info,
        ReadOnlyMemory<byte> aad,
        ReadOnlyMemory<byte> ciphertext,
        CancellationToken cancellationToken)
    {
        var setup = await HpkeRecipient.SetupAsync(backend, recipientKey, enc, info, cancellationToken);
        if (!setup.TryGet(out var recipient, out var refusals))
        {
            return refusals;
        }

        using (recipient)
        {
            return await recipient.OpenAsync(aad, ciphertext, cancellationToken);
        }
    }

    /// <summary>Makes the key pair of input keying material; the same material gives the same pair.</summary>
    /// <param name="backend">Holds the key.</param>
    /// <param name="inputKey">At least 32 bytes of full entropy. The caller still disposes it.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <remarks>Spec: RFC 9180 s.7.1.3.</remarks>
    public static async ValueTask<IAgreementKey> DeriveKeyPairAsync(
        ICryptoBackend backend, SecretBytes inputKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(inputKey);
        using var privateKey = HpkeKem.DerivePrivateKey(inputKey.Span);
        return await backend.ImportAgreementKeyAsync(privateKey, cancellationToken);
    }
}
