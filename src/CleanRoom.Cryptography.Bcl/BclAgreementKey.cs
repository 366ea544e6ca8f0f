using System.Security.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Bcl;

/// <summary>A P-256 key agreement key held by the class library.</summary>
internal sealed class BclAgreementKey : IAgreementKey
{
    private readonly ECDiffieHellman _key;

    internal BclAgreementKey(SecretBytes privateKey)
    {
        PublicKey = P256PublicKey.Of(privateKey);
        _key = BclEcParameters.Import(privateKey, PublicKey.Span, ECDiffieHellman.Create);
    }

    /// <inheritdoc/>
    public Bytes PublicKey { get; }

    /// <inheritdoc/>
    public ValueTask<SecretBytes> DeriveSharedSecretAsync(ReadOnlyMemory<byte> peerPublicKey65, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!P256PublicKey.IsValid(peerPublicKey65.Span))
        {
            throw new ArgumentException("wanted an uncompressed p-256 point of 65 bytes", nameof(peerPublicKey65));
        }

        using var peer = ECDiffieHellman.Create(BclEcParameters.Of(peerPublicKey65.Span));
        using var peerPublic = peer.PublicKey;
        return ValueTask.FromResult(SecretBytes.Take(_key.DeriveRawSecretAgreement(peerPublic)));
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
