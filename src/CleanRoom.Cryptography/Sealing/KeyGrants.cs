using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Seals a dataset's key to the collaboration, and to the owner itself.</summary>
/// <remarks>A grant is worth nothing unsigned: the fold checks who signed it. Spec: contracts/spec/0010 s.6.</remarks>
public static class KeyGrants
{
    /// <summary>Seals a key to the collaboration's sealing key.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="collaborationKey">65 bytes, from a binding that the caller has appraised.</param>
    /// <param name="subject">What the grant is bound to.</param>
    /// <param name="key">The dataset version's key.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The document for the owner to sign, or <see cref="RefusalCode.SealInvalid"/> when the key is not a point on the curve.</returns>
    public static async ValueTask<Result<KeyGrant>> SealAsync(
        ICryptoBackend backend, Bytes collaborationKey, KeyGrantSubject subject, DataKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(key);
        var result = await Hpke.SealAsync(
            backend, collaborationKey, Labels.KeyGrantInfo, subject.AssociatedData(), key.Secret.Memory, cancellationToken);
        return result.Then<KeyGrant>(seal => new KeyGrant
        {
            Collaboration = subject.Collaboration,
            ContractDigest = subject.ContractDigest,
            Dataset = subject.Dataset,
            ManifestDigest = subject.ManifestDigest,
            Owner = subject.Owner,
            Enc = seal.Enc,
            Ciphertext = seal.Ciphertext,
        });
    }

    /// <summary>Opens a grant with the collaboration's sealing key.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="sealingKey">The collaboration's sealing key.</param>
    /// <param name="grant">A grant that the fold accepted for the manifest in use; every bound value is taken from it.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The key, or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static ValueTask<Result<DataKey>> OpenAsync(
        ICryptoBackend backend, IAgreementKey sealingKey, KeyGrant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return KeyWraps.OpenAsync(
            backend,
            sealingKey,
            new HpkeCiphertext(grant.Enc, grant.Ciphertext),
            Labels.KeyGrantInfo,
            KeyGrantSubject.Of(grant).AssociatedData(),
            cancellationToken);
    }

    /// <summary>Seals a key to its owner's own receive key, so that the owner can grant it again.</summary>
    /// <returns>The wrap for the owner to keep, or <see cref="RefusalCode.SealInvalid"/> when the key is not a point on the curve.</returns>
    public static ValueTask<Result<HpkeCiphertext>> SealToSelfAsync(
        ICryptoBackend backend, Bytes receiveKey, KeyGrantSubject subject, DataKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(key);
        return Hpke.SealAsync(
            backend, receiveKey, Labels.SelfGrantInfo, subject.AssociatedData(), key.Secret.Memory, cancellationToken);
    }

    /// <summary>Opens what <see cref="SealToSelfAsync"/> sealed.</summary>
    /// <returns>The key, or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static ValueTask<Result<DataKey>> OpenFromSelfAsync(
        ICryptoBackend backend,
        IAgreementKey receiveKey,
        KeyGrantSubject subject,
        HpkeCiphertext selfGrant,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(selfGrant);
        return KeyWraps.OpenAsync(
            backend, receiveKey, selfGrant, Labels.SelfGrantInfo, subject.AssociatedData(), cancellationToken);
    }
}
