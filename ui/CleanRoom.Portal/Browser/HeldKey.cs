using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Protocol;
using Microsoft.JSInterop;

namespace CleanRoom.Portal.Browser;

/// <summary>A private key that WebCrypto holds and does not give out; this is a handle to it.</summary>
internal sealed class HeldKey : ISigningKey, IAgreementKey, IWitnessKey
{
    private readonly BrowserModule _module;

    private HeldKey(BrowserModule module, IJSInProcessObjectReference handle, Bytes publicKey) =>
        (_module, Handle, PublicKey) = (module, handle, publicKey);

    /// <inheritdoc/>
    public Bytes PublicKey { get; }

    /// <summary>Gets the handle, for the module's own functions.</summary>
    internal IJSInProcessObjectReference Handle { get; }

    /// <summary>Calls a function of the module that returns a key.</summary>
    public static async Task<HeldKey> TakeAsync(BrowserModule module, string function, CancellationToken cancellationToken, params object?[] arguments)
    {
        var handle = await module.CallAsync<IJSInProcessObjectReference>(function, cancellationToken, arguments);
        return new HeldKey(module, handle, new Bytes(await module.CallAsync<byte[]>("publicKey", cancellationToken, handle)));
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> SignEs256Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        await _module.CallAsync<byte[]>("sign", cancellationToken, Handle, data.ToArray());

    /// <inheritdoc/>
    public async ValueTask<byte[]> SignEd25519Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        await _module.CallAsync<byte[]>("sign", cancellationToken, Handle, data.ToArray());

    /// <inheritdoc/>
    public async ValueTask<SecretBytes> DeriveSharedSecretAsync(ReadOnlyMemory<byte> peerPublicKey65, CancellationToken cancellationToken)
    {
        if (!P256PublicKey.IsValid(peerPublicKey65.Span))
        {
            throw new ArgumentException("wanted an uncompressed p-256 point of 65 bytes", nameof(peerPublicKey65));
        }

        var shared = await _module.CallAsync<byte[]>("derive", cancellationToken, Handle, peerPublicKey65.ToArray());
        try
        {
            return SecretBytes.CopyOf(shared);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
