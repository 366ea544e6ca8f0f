using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>A certificate of AMD in its own format: ARK or ASK. Nothing is known about who made it. Spec: AMD 55766 appendix B.1.</summary>
internal sealed class SevAuthority
{
    private const uint KnownVersion = 1;
    private const uint SmallBits = 2_048;
    private const uint LargeBits = 4_096;
    private const int IdBytes = 16;
    private const int MaxExponentBytes = 8;

    private SevAuthority(SevKeyUsage usage, Bytes id, Bytes issuerId, VerificationKey key, Bytes signed, Bytes signature) =>
        (Usage, Id, IssuerId, Key, Signed, Signature) = (usage, id, issuerId, key, signed, signature);

    public SevKeyUsage Usage { get; }

    /// <summary>Gets the 16 bytes by which other certificates name this key.</summary>
    public Bytes Id { get; }

    /// <summary>Gets the 16 bytes of the key that signed; the own ones for a root.</summary>
    public Bytes IssuerId { get; }

    public VerificationKey Key { get; }

    /// <summary>Gets the bytes that the signature covers.</summary>
    public Bytes Signed { get; }

    /// <summary>Gets the signature, big endian.</summary>
    public Bytes Signature { get; }

    /// <summary>Reads one certificate: 832 bytes with a key of 2,048 bits, 1,600 with one of 4,096. Trust: attacker-controlled.</summary>
    /// <returns>Null for any other form; the file that AMD first published without its signature is one.</returns>
    public static SevAuthority? Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.UInt32Little();
        var (id, issuerId) = (new Bytes(reader.Take(IdBytes)), new Bytes(reader.Take(IdBytes)));
        var usage = (SevKeyUsage)reader.UInt32Little();
        reader.Zeros(16);
        var (exponentBits, modulusBits) = (reader.UInt32Little(), reader.UInt32Little());
        if (reader.Failed || version != KnownVersion || modulusBits is not (SmallBits or LargeBits) || exponentBits != modulusBits)
        {
            return null;
        }

        var size = (int)modulusBits / 8;
        var exponent = reader.Take(MaxExponentBytes);
        reader.Zeros(size - MaxExponentBytes);
        var modulus = reader.Take(size);
        var signed = reader.Position;
        var signature = reader.Take(size);
        return reader.IsDone && VerificationKey.FromRsa(Reversed(modulus), Reversed(exponent)) is { } key && key.ModulusBytes == size
            ? new SevAuthority(usage, id, issuerId, key, new Bytes(bytes[..signed]), new Bytes(Reversed(signature)))
            : null;
    }

    /// <summary>Returns whether this key signed the other certificate of AMD, and is named in it.</summary>
    public bool Signs(SevAuthority other) => other.IssuerId == Id && Verify(Hash, other.Signed.Span, other.Signature.Span);

    /// <summary>Returns whether this key signed a certificate of a chip.</summary>
    public bool Signs(SevCertificate chip)
    {
        if (chip.SignatureBy(Usage) is not { } signature || !signature.Algorithm.IsRsa())
        {
            return false;
        }

        var content = signature.Content.Span;
        return !content[Key.ModulusBytes..].ContainsAnyExcept((byte)0)
            && Verify(signature.Algorithm.Hash(), chip.Signed.Span, Reversed(content[..Key.ModulusBytes]));
    }

    /// <summary>Gets the hash that goes with the key's size.</summary>
    private HashName Hash => Key.ModulusBytes * 8 == SmallBits ? HashName.Sha256 : HashName.Sha384;

    private bool Verify(HashName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        Key.VerifyPss(hash, data, signature, hash.ToDigest().GetDigestSize());

    private static byte[] Reversed(ReadOnlySpan<byte> little)
    {
        var big = little.ToArray();
        Array.Reverse(big);
        return big;
    }
}
