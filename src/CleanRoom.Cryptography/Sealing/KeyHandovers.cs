using System.Security.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Seals the secret of a collaboration or of a budget log to another node, whose evidence the caller has appraised.</summary>
/// <remarks>Spec: contracts/spec/0021 s.4.</remarks>
public static class KeyHandovers
{
    /// <summary>Seals a secret.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="sealingKey">65 bytes, from the binding that was appraised.</param>
    /// <param name="subject">What it is bound to.</param>
    /// <param name="secret">32 bytes. The caller still disposes it.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The sealed secret, or <see cref="RefusalCode.SealInvalid"/> when the key is no point on the curve.</returns>
    public static ValueTask<Result<HpkeCiphertext>> SealAsync(
        ICryptoBackend backend, Bytes sealingKey, HandoverSubject subject, SecretBytes secret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(secret);
        return Hpke.SealAsync(backend, sealingKey, Labels.HandoverInfo, subject.AssociatedData(), secret.Memory, cancellationToken);
    }

    /// <summary>Opens a secret.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="sealingKey">This node's own.</param>
    /// <param name="subject">The log that was asked for and the binding that was shown.</param>
    /// <param name="handed">Trust: host-controlled.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The secret, which the caller disposes; or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static async ValueTask<Result<SecretBytes>> OpenAsync(
        ICryptoBackend backend, IAgreementKey sealingKey, HandoverSubject subject, HpkeCiphertext handed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(handed);
        var opened = await Hpke.OpenAsync(
            backend, sealingKey, handed.Enc, Labels.HandoverInfo, subject.AssociatedData(), handed.Ciphertext.Memory, cancellationToken);
        if (!opened.TryGet(out var plaintext, out var refusals))
        {
            return refusals;
        }

        if (plaintext.Length == CollaborationSecret.Length)
        {
            return SecretBytes.Take(plaintext);
        }

        CryptographicOperations.ZeroMemory(plaintext);
        return new Refusal(RefusalCode.SealInvalid, $"a sealed secret of {CollaborationSecret.Length} bytes", $"{plaintext.Length} bytes");
    }
}
