using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Sealing;

/// <summary>Seals with a key of this process: for a TEE that has no key of its own that outlives a restart.</summary>
/// <remarks>After a restart nothing opens, and owners grant again. That is safe, and no other way is on such a machine. Spec: contracts/spec/0006 s.10.</remarks>
public sealed class MemorySealer(ICryptoBackend backend) : ISecretSealer, IDisposable
{
    private readonly SealedBody _body = new(backend, "cleanroom/v1/memory-seal");
    private readonly SecretBytes _key = SecretBytes.Random(AesGcmFormat.KeyBytes);

    /// <inheritdoc/>
    public string Kind => "memory";

    private static ReadOnlySpan<byte> Magic => "CRMS\u0001"u8;

    /// <inheritdoc/>
    public ValueTask<Bytes> SealAsync(SecretBytes secret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        SealedBody.Require(secret);
        return _body.SealAsync(_key, Magic.ToArray(), secret, context, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Result<SecretBytes>> UnsealAsync(
        ReadOnlyMemory<byte> sealedSecret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken) =>
        sealedSecret.Span.StartsWith(Magic) && SealedBody.HasForm(sealedSecret[Magic.Length..])
            ? _body.OpenAsync(_key, sealedSecret[..Magic.Length], sealedSecret[Magic.Length..], context, cancellationToken)
            : ValueTask.FromResult(Result.Refuse<SecretBytes>(RefusalCode.SealInvalid, "bytes that the memory sealer made", "others"));

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _key.Dispose();
}
