using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Seals a share of a collaboration's secret to a member, and later from the member to a node that the caller has appraised.</summary>
/// <remarks>Spec: contracts/spec/0026 s.4, s.6.</remarks>
public static class RecoveryShares
{
    /// <summary>Length of what <see cref="SealAsync"/> and <see cref="ReleaseAsync"/> give: 16 bytes longer than salt and share.</summary>
    public const int SealedLength = CommittedShare.Length + AesGcmFormat.TagBytes;

    /// <summary>Seals a share to a member's receive key.</summary>
    /// <returns>The seal, or <see cref="RefusalCode.SealInvalid"/> when the key is no point on the curve.</returns>
    public static ValueTask<Result<HpkeCiphertext>> SealAsync(
        ICryptoBackend backend, Bytes receiveKey, RecoveryShareSubject subject, CommittedShare share, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(share);
        return Hpke.SealAsync(backend, receiveKey, Labels.RecoveryShareInfo, subject.AssociatedData(receiveKey), share.Content, cancellationToken);
    }

    /// <summary>Opens a share with the member's receive key.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="receiveKey">The member's own.</param>
    /// <param name="subject">Which share it must be.</param>
    /// <param name="commitment">From the verified row.</param>
    /// <param name="seal">Trust: host-controlled.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The share that the row commits to, which the caller disposes; or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static async ValueTask<Result<CommittedShare>> OpenAsync(
        ICryptoBackend backend,
        IAgreementKey receiveKey,
        RecoveryShareSubject subject,
        Digest commitment,
        HpkeCiphertext seal,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receiveKey);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(seal);
        var opened = await Hpke.OpenAsync(
            backend, receiveKey, seal.Enc, Labels.RecoveryShareInfo, subject.AssociatedData(receiveKey.PublicKey), seal.Ciphertext.Memory, cancellationToken);
        return Committed(opened, subject, commitment);
    }

    /// <summary>Seals a share to a node.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="sealingKey">65 bytes, from the binding that was appraised.</param>
    /// <param name="subject">What it is bound to: that very binding.</param>
    /// <param name="share">The caller still disposes it.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    public static ValueTask<Result<HpkeCiphertext>> ReleaseAsync(
        ICryptoBackend backend, Bytes sealingKey, RecoveryReleaseSubject subject, CommittedShare share, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(share);
        return Hpke.SealAsync(backend, sealingKey, Labels.RecoveryReleaseInfo, subject.AssociatedData(), share.Content, cancellationToken);
    }

    /// <summary>Returns what a recovery statement signs of the sealed share that goes with it: SHA-256(enc || ciphertext).</summary>
    public static Digest DigestOf(HpkeCiphertext released)
    {
        ArgumentNullException.ThrowIfNull(released);
        return Digest.Of([.. released.Enc.Span, .. released.Ciphertext.Span]);
    }

    /// <summary>Opens a released share with the node's own key.</summary>
    /// <returns>As <see cref="OpenAsync"/>: the refusal names whose share is false.</returns>
    public static async ValueTask<Result<CommittedShare>> OpenReleasedAsync(
        ICryptoBackend backend,
        IAgreementKey sealingKey,
        RecoveryReleaseSubject subject,
        Digest commitment,
        HpkeCiphertext released,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sealingKey);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(released);
        var opened = await Hpke.OpenAsync(
            backend, sealingKey, released.Enc, Labels.RecoveryReleaseInfo, subject.AssociatedData(), released.Ciphertext.Memory, cancellationToken);
        return Committed(opened, subject.Share, commitment);
    }

    private static Result<CommittedShare> Committed(Result<byte[]> opened, RecoveryShareSubject subject, Digest commitment)
    {
        if (!opened.TryGet(out var plaintext, out var refusals) || !CommittedShare.Take(plaintext).TryGet(out var share, out refusals))
        {
            return refusals;
        }

        if (share.Commit(subject) == commitment)
        {
            return share;
        }

        share.Dispose();
        return new Refusal(RefusalCode.SealInvalid, $"the share of {subject.Collaborator} that the ledger commits to", "a false one");
    }
}
