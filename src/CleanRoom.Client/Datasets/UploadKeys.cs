using System.Text;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>The data key of an upload, as the owner keeps it for itself.</summary>
internal static class UploadKeys
{
    /// <summary>While there is no manifest yet, a digest of this label and the upload stands in its place.</summary>
    private const string UploadLabel = "cleanroom/v1/upload-key";

    public static ValueTask<Result<HpkeCiphertext>> SealAsync(
        UploadOwner owner, KeyGrantSubject subject, DataKey key, CancellationToken cancellationToken) =>
        KeyGrants.SealToSelfAsync(owner.Backend, owner.Member.Keys.Receive.PublicKey, subject, key, cancellationToken);

    /// <summary>Opens the key of an upload under way.</summary>
    public static ValueTask<Result<DataKey>> OpenAsync(UploadOwner owner, UploadState state, CancellationToken cancellationToken) =>
        KeyGrants.OpenFromSelfAsync(owner.Backend, owner.Member.Keys.Receive, UploadSubject(state), state.Key, cancellationToken);

    /// <summary>Returns what the key of an upload under way is bound to.</summary>
    public static KeyGrantSubject UploadSubject(string collaboration, string dataset, string owner, string upload, Digest contractDigest) => new()
    {
        Collaboration = collaboration,
        ContractDigest = contractDigest,
        Dataset = dataset,
        ManifestDigest = Digest.Labelled(UploadLabel, Encoding.ASCII.GetBytes(upload)),
        Owner = owner,
    };

    /// <summary>Returns what the key is bound to once there is a manifest.</summary>
    public static KeyGrantSubject GrantSubject(UploadState state, Digest manifestDigest, Digest contractDigest) => new()
    {
        Collaboration = state.Collaboration,
        ContractDigest = contractDigest,
        Dataset = state.Dataset,
        ManifestDigest = manifestDigest,
        Owner = state.Owner,
    };

    private static KeyGrantSubject UploadSubject(UploadState state) =>
        UploadSubject(state.Collaboration, state.Dataset, state.Owner, state.Upload, state.ContractDigest);
}
