using System.Buffers.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureUvm;

/// <summary>A did:x509 identifier with one policy: a root by its fingerprint, and a purpose that the leaf must have.</summary>
/// <param name="Root">SHA-256 of the root certificate's DER.</param>
/// <param name="Purpose">The object identifier of the extended key usage.</param>
/// <remarks>Spec: microsoft/did-x509 specification, <c>did:x509:0:sha256:FINGERPRINT::eku:OID</c>. Other policies and hashes are refused.</remarks>
internal sealed record UvmIssuer(Digest Root, string Purpose)
{
    private const string Prefix = "did:x509:0:sha256:";
    private const string Separator = "::eku:";
    private const int FingerprintCharacters = 43;
    private const int MaxPurposeCharacters = 64;

    /// <summary>Returns null for another form. Trust: attacker-controlled.</summary>
    public static UvmIssuer? Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length < Prefix.Length + FingerprintCharacters)
        {
            return null;
        }

        var fingerprint = text.AsSpan(Prefix.Length, FingerprintCharacters);
        var rest = text.AsSpan(Prefix.Length + FingerprintCharacters);
        if (!rest.StartsWith(Separator, StringComparison.Ordinal) || !Base64Url.IsValid(fingerprint, out var length) || length != Digest.Length)
        {
            return null;
        }

        // A last character with bits that mean nothing would be a second name of the same root.
        var root = Base64Url.DecodeFromChars(fingerprint);
        var purpose = rest[Separator.Length..];
        return Base64Url.EncodeToString(root).AsSpan().SequenceEqual(fingerprint) && IsOid(purpose)
            ? new UvmIssuer(new Digest(root), purpose.ToString())
            : null;
    }

    /// <summary>Returns the identifier as it was read.</summary>
    public override string ToString() => $"{Prefix}{Base64Url.EncodeToString(Root.ToArray())}{Separator}{Purpose}";

    private static bool IsOid(ReadOnlySpan<char> text)
    {
        var isRight = text.Length is > 0 and <= MaxPurposeCharacters;
        foreach (var arc in text.Split('.'))
        {
            isRight &= !text[arc].IsEmpty && !text[arc].ContainsAnyExceptInRange('0', '9');
        }

        return isRight;
    }
}
