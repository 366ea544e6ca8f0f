using System.Collections.Immutable;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>A certificate in the platform's own format: PDH, PEK, OCA or CEK. Nothing is known about who made it. Spec: AMD 55766 appendix C.1.</summary>
internal sealed class SevCertificate
{
    /// <summary>Bytes of a certificate.</summary>
    public const int Length = 0x824;

    private const uint KnownVersion = 1;
    private const int SignedLength = 0x414;
    private const int CoordinateBytes = 72;
    private const int PublicKeyBytes = 1_028;
    private const int SignatureBytes = 512;
    private const uint P256 = 1;
    private const uint P384 = 2;

    private SevCertificate(ReadOnlySpan<byte> bytes, SevKeyUsage usage, SevAlgorithm algorithm, string api, VerificationKey key, ImmutableArray<SevSignature> signatures)
    {
        (Usage, Algorithm, Api, Key, Signatures) = (usage, algorithm, api, key, signatures);
        Signed = new Bytes(bytes[..SignedLength]);
    }

    public SevKeyUsage Usage { get; }

    /// <summary>Gets what the key is for.</summary>
    public SevAlgorithm Algorithm { get; }

    /// <summary>Gets the version of the firmware's interface, <c>major.minor</c>.</summary>
    public string Api { get; }

    public VerificationKey Key { get; }

    /// <summary>Gets the bytes that each signature covers.</summary>
    public Bytes Signed { get; }

    /// <summary>Gets the two signatures.</summary>
    public ImmutableArray<SevSignature> Signatures { get; }

    /// <summary>Reads <see cref="Length"/> bytes. Trust: attacker-controlled.</summary>
    /// <returns>Null for another length or version, reserved bytes or an unused signature that are set, or a point that is not on P-256 or P-384.</returns>
    public static SevCertificate? Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.UInt32Little();
        var (major, minor) = (reader.Byte(), reader.Byte());
        reader.Zeros(2);
        var (usage, algorithm) = ((SevKeyUsage)reader.UInt32Little(), (SevAlgorithm)reader.UInt32Little());
        var key = ReadKey(reader.Take(PublicKeyBytes));
        ImmutableArray<SevSignature> signatures = [ReadSignature(ref reader), ReadSignature(ref reader)];
        return reader.IsDone && version == KnownVersion && key is not null && signatures.All(IsMeantOrEmpty)
            ? new SevCertificate(bytes, usage, algorithm, $"{major}.{minor}", key, signatures)
            : null;
    }

    /// <summary>Returns the signature that a kind of key is said to have made; null when there is none.</summary>
    public SevSignature? SignatureBy(SevKeyUsage signer) => Signatures.FirstOrDefault(signature => signature.Signer == signer);

    /// <summary>Returns whether this certificate's key made the signature on the other one.</summary>
    public bool Signs(SevCertificate other)
    {
        if (other.SignatureBy(Usage) is not { } signature || !signature.Algorithm.IsEcdsa())
        {
            return false;
        }

        var content = signature.Content.Span;
        var (r, s) = (Number(content[..CoordinateBytes], Key.FieldBytes), Number(content.Slice(CoordinateBytes, CoordinateBytes), Key.FieldBytes));
        return r is not null && s is not null && !content[(2 * CoordinateBytes)..].ContainsAnyExcept((byte)0)
            && Key.VerifyEcdsa(signature.Algorithm.Hash(), other.Signed.Span, r, s);
    }

    private static VerificationKey? ReadKey(ReadOnlySpan<byte> field)
    {
        var reader = new ByteReader(field);
        var (curve, fieldBytes) = reader.UInt32Little() switch
        {
            P256 => ("P-256", 32),
            P384 => ("P-384", 48),
            _ => (null, 0),
        };
        var (x, y) = (Number(reader.Take(CoordinateBytes), fieldBytes), Number(reader.Take(CoordinateBytes), fieldBytes));
        reader.Zeros(reader.Remaining);
        return reader.IsDone && curve is not null && x is not null && y is not null ? VerificationKey.FromPoint(curve, x, y) : null;
    }

    private static bool IsMeantOrEmpty(SevSignature signature) =>
        signature.Signer != SevKeyUsage.None || (signature.Algorithm == SevAlgorithm.None && !signature.Content.Span.ContainsAnyExcept((byte)0));

    private static SevSignature ReadSignature(ref ByteReader reader) =>
        new((SevKeyUsage)reader.UInt32Little(), (SevAlgorithm)reader.UInt32Little(), new Bytes(reader.Take(SignatureBytes)));

    /// <summary>Returns a little-endian number as big-endian bytes; null when it is longer than the field.</summary>
    private static byte[]? Number(ReadOnlySpan<byte> little, int fieldBytes)
    {
        if (little.Length < fieldBytes || little[fieldBytes..].ContainsAnyExcept((byte)0))
        {
            return null;
        }

        var big = little[..fieldBytes].ToArray();
        Array.Reverse(big);
        return big;
    }
}
