using System.Security.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Opens a 32-byte key that was sealed to a public key.</summary>
internal static class KeyWraps
{
    internal static async ValueTask<Result<DataKey>> OpenAsync(
        ICryptoBackend backend,
        IAgreementKey recipientKey,
        HpkeCiphertext wrap,
        ReadOnlyMemory<byte> info,
        ReadOnlyMemory<byte> aad,
        CancellationToken cancellationToken)
    {
        var opened = await Hpke.OpenAsync(
            backend, recipientKey, wrap.Enc, info, aad, wrap.Ciphertext.Memory, cancellationToken);
        if (!opened.TryGet(out var plaintext, out var refusals))
        {
            return refusals;
        }

        if (plaintext.Length != SealedStream.DataKeyBytes)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return new Refusal(
                RefusalCode.SealInvalid, $"a sealed key of {SealedStream.DataKeyBytes} bytes", $"{plaintext.Length} bytes");
        }

        return DataKey.Take(plaintext);
    }
}
