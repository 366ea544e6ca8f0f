using System.Security.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.KeyEncapsulation;

/// <summary>DHKEM(P-256, HKDF-SHA256). Spec: RFC 9180 s.4.1 and s.7.1.</summary>
internal static class HpkeKem
{
    /// <summary>Encap with a given ephemeral key; the recipient's key is already checked.</summary>
    internal static async ValueTask<SecretBytes> EncapsulateAsync(
        IAgreementKey ephemeral, Bytes recipientPublicKey, CancellationToken cancellationToken)
    {
        using var dh = await ephemeral.DeriveSharedSecretAsync(recipientPublicKey.Memory, cancellationToken);
        return ExtractAndExpand(dh, ephemeral.PublicKey, recipientPublicKey);
    }

    /// <summary>Decap; the encapsulated key is already checked.</summary>
    internal static async ValueTask<SecretBytes> DecapsulateAsync(
        IAgreementKey recipient, Bytes encapsulatedKey, CancellationToken cancellationToken)
    {
        using var dh = await recipient.DeriveSharedSecretAsync(encapsulatedKey.Memory, cancellationToken);
        return ExtractAndExpand(dh, encapsulatedKey, recipient.PublicKey);
    }

    /// <summary>DeriveKeyPair: the private scalar of input keying material.</summary>
    /// <exception cref="CryptographicException">256 candidates in a row were out of range, which does not happen.</exception>
    internal static SecretBytes DerivePrivateKey(ReadOnlySpan<byte> inputKey)
    {
        using var prk = HpkeSuite.LabeledExtract(HpkeSuite.KemId, [], "dkp_prk"u8, inputKey);
        for (var counter = 0; counter <= byte.MaxValue; counter++)
        {
            // The bit mask of RFC 9180 s.7.1.3 is 0xff for P-256: nothing to clear.
            var candidate = HpkeSuite.LabeledExpand(
                HpkeSuite.KemId, prk, "candidate"u8, [(byte)counter], P256PrivateKey.Length);
            if (P256PrivateKey.IsValid(candidate.Span))
            {
                return candidate;
            }

            candidate.Dispose();
        }

        throw new CryptographicException("no candidate of DeriveKeyPair was in range");
    }

    private static SecretBytes ExtractAndExpand(SecretBytes dh, Bytes encapsulatedKey, Bytes recipientPublicKey)
    {
        Span<byte> context = stackalloc byte[2 * P256PublicKey.Length];
        encapsulatedKey.Span.CopyTo(context);
        recipientPublicKey.Span.CopyTo(context[P256PublicKey.Length..]);
        using var prk = HpkeSuite.LabeledExtract(HpkeSuite.KemId, [], "eae_prk"u8, dh.Span);
        return HpkeSuite.LabeledExpand(HpkeSuite.KemId, prk, "shared_secret"u8, context, HpkeSuite.SharedSecretBytes);
    }
}
