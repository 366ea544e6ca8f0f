using System.Security.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>Seals and opens whole responses. Shape: type byte, 32-byte response nonce, ciphertext. Spec: contracts/spec/0011 s.4.</summary>
internal static class ChannelResponses
{
    private const int HeadBytes = 1 + ChannelFormat.ResponseNonceBytes;

    internal static async ValueTask<byte[]> SealAsync(
        ICryptoBackend backend,
        HpkeExport export,
        Bytes encapsulatedKey,
        ReadOnlyMemory<byte> responseNonce,
        ChannelResponse response,
        CancellationToken cancellationToken)
    {
        using var keys = ChannelKeys.ForResponse(export, encapsulatedKey, responseNonce.Span);
        byte[] plaintext = [.. ChannelMessages.EncodeHead(response.Status, response.ContentType), .. response.Body.Span];
        var output = new byte[checked(HeadBytes + plaintext.Length + AesGcmFormat.TagBytes)];
        if (output.Length > ChannelFormat.MaxResponseBytes)
        {
            throw new ArgumentException(
                $"wanted at most {ChannelFormat.MaxResponseBytes} sealed bytes, got {output.Length}; a larger body is streamed",
                nameof(response));
        }

        output[0] = ChannelFormat.Message;
        responseNonce.CopyTo(output.AsMemory(1));
        await backend.AesGcmSealAsync(
            keys.Key, keys.Nonce.Memory, ReadOnlyMemory<byte>.Empty, plaintext, output.AsMemory(HeadBytes), cancellationToken);
        CryptographicOperations.ZeroMemory(plaintext);
        return output;
    }

    internal static async ValueTask<Result<ChannelResponse>> OpenAsync(
        ICryptoBackend backend,
        HpkeExport export,
        Bytes encapsulatedKey,
        ReadOnlyMemory<byte> sealedResponse,
        CancellationToken cancellationToken)
    {
        if (sealedResponse.Length is < HeadBytes + AesGcmFormat.TagBytes or > ChannelFormat.MaxResponseBytes
            || sealedResponse.Span[0] != ChannelFormat.Message)
        {
            return ChannelFormat.Invalid(
                $"a sealed response of version {ChannelFormat.Message} and at most {ChannelFormat.MaxResponseBytes} bytes",
                $"{sealedResponse.Length} bytes that are none");
        }

        using var keys = ChannelKeys.ForResponse(
            export, encapsulatedKey, sealedResponse.Span[1..HeadBytes]);
        var plaintext = new byte[sealedResponse.Length - HeadBytes - AesGcmFormat.TagBytes];
        return await backend.AesGcmOpenAsync(
            keys.Key, keys.Nonce.Memory, ReadOnlyMemory<byte>.Empty, sealedResponse[HeadBytes..], plaintext, cancellationToken)
            ? ChannelMessages.DecodeResponse(plaintext)
            : ChannelFormat.Invalid("the attested node's response to this request", "bytes that do not authenticate");
    }
}
