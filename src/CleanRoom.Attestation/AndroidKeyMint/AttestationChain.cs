using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AndroidKeyMint;

/// <summary>Reads a chain of certificates as Android's key store hands it out: leaf first, the root last or left out.</summary>
internal static class AttestationChain
{
    /// <summary>Most bytes of a chain in DER; PEM may have twice as many. Known ones have about 5 KiB.</summary>
    public const int MaxBytes = 64 * 1_024;

    /// <summary>Most certificates. Known chains have four or five.</summary>
    public const int MaxCertificates = 10;

    private const byte Sequence = 0x30;
    private const byte LongOne = 0x81;
    private const byte LongTwo = 0x82;

    /// <summary>Reads certificates in DER, one behind the other, or in PEM.</summary>
    /// <param name="bytes">Trust: attacker-controlled.</param>
    /// <returns>Empty for another form, more than 64 KiB or ten certificates, or one that cannot be read.</returns>
    public static ImmutableArray<Certificate> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 2 * MaxBytes)
        {
            return [];
        }

        var pem = Pem.Read(bytes, Pem.CertificateLabel);
        var blocks = pem.IsEmpty ? Split(bytes) : pem;
        var certificates = blocks.Length > MaxCertificates ? [] : blocks.Select(block => Certificate.Parse(block.Span)).ToImmutableArray();
        return certificates.Contains(null) ? [] : certificates.OfType<Certificate>().ToImmutableArray();
    }

    private static ImmutableArray<Bytes> Split(ReadOnlySpan<byte> der)
    {
        if (der.Length > MaxBytes)
        {
            return [];
        }

        var blocks = ImmutableArray.CreateBuilder<Bytes>();
        var reader = new ByteReader(der);
        while (reader.Remaining > 0 && blocks.Count <= MaxCertificates)
        {
            var start = reader.Position;
            var tag = reader.Byte();
            reader.Take(Length(ref reader));
            if (reader.Failed || tag != Sequence)
            {
                return [];
            }

            blocks.Add(new Bytes(der[start..reader.Position]));
        }

        return blocks.ToImmutable();
    }

    /// <summary>Returns the content's length (X.690 s.8.1.3); -1, which fits nowhere, for a form that no certificate of up to 64 KiB has.</summary>
    private static int Length(ref ByteReader reader) => reader.Byte() switch
    {
        < 0x80 and var length => length,
        LongOne => reader.Byte(),
        LongTwo => reader.UInt16Big(),
        _ => -1,
    };
}
