using System.Security.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Bcl;

/// <summary>An ES256 key held by the class library.</summary>
internal sealed class BclSigningKey : ISigningKey
{
    private readonly ECDsa _key;

    internal BclSigningKey(SecretBytes privateKey)
    {
        PublicKey = P256PublicKey.Of(privateKey);
        _key = BclEcParameters.Import(privateKey, PublicKey.Span, ECDsa.Create);
    }

    /// <inheritdoc/>
    public Bytes PublicKey { get; }

    /// <inheritdoc/>
    public ValueTask<byte[]> SignEs256Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(
            _key.SignData(data.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
