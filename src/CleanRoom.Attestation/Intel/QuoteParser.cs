using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>Reads DCAP quotes of version 3, 4 and 5.</summary>
/// <remarks>Numbers are little endian, keys and signatures big endian. Spec: see <see cref="Quote"/>.</remarks>
internal static class QuoteParser
{
    /// <summary>Most bytes of a quote: 32 KiB. Genuine ones have about 5.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>The tee type of SGX.</summary>
    public const uint SgxTee = 0;

    /// <summary>The tee type of TDX.</summary>
    public const uint TdxTee = 0x81;

    private const int HeaderLength = 48;
    private const int QeAndPceSvn = 4;
    private const int UserData = 20;
    private const ushort EcdsaP256 = 2;
    private const ushort EcdsaP384 = 3;
    private const ushort PckChain = 5;
    private const ushort QeReportCertification = 6;
    private const string Format = "evidence-format";

    /// <summary>Returns whether the header is that of an ECDSA quote for the given kind of TEE.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes, uint teeType)
    {
        var reader = new ByteReader(bytes);
        var (version, keyType, tee) = (reader.UInt16Little(), reader.UInt16Little(), reader.UInt32Little());
        return bytes.Length is > HeaderLength + SgxReport.Length and <= MaxBytes
            && keyType is EcdsaP256 or EcdsaP384 && tee == teeType && version is 3 or 4 or 5 && (version > 3 || tee == SgxTee);
    }

    /// <summary>Reads a quote. Trust: attacker-controlled.</summary>
    /// <returns>The quote, or <c>evidence-format</c> or <c>attestation-key-type</c>. Zero padding after the quote is part of the format; other bytes are not.</returns>
    public static CheckResult<Quote> Parse(ReadOnlySpan<byte> bytes, uint teeType)
    {
        if (bytes.Length > MaxBytes)
        {
            return Failed(Format, $"at most {MaxBytes} bytes", bytes.Length);
        }

        var reader = new ByteReader(bytes);
        var (version, keyType, tee) = (reader.UInt16Little(), reader.UInt16Little(), reader.UInt32Little());
        reader.Take(QeAndPceSvn);
        var vendor = reader.Take(16);
        reader.Take(UserData);
        if (reader.Failed || version is not (3 or 4 or 5))
        {
            return Failed(Format, "a quote of version 3, 4 or 5", version);
        }

        if (keyType != EcdsaP256)
        {
            // EPID (0 and 1) ended in 2025; P-384 (3) is defined but not issued.
            return Failed("attestation-key-type", "2, ECDSA over P-256", keyType);
        }

        if (tee != teeType || (version == 3 && tee != SgxTee))
        {
            return Failed(Format, $"tee type {teeType}", tee);
        }

        var bodyType = ReadBodyType(ref reader, version, tee);
        var body = reader.Take(BodyLength(bodyType));
        var signed = reader.Failed ? [] : bytes[..reader.Position];
        var signatureData = reader.Take(reader.UInt32Little());
        reader.Zeros(reader.Remaining);
        if (bodyType == QuoteBodyType.None || !reader.IsDone)
        {
            return Failed(Format, "a body and signature data of the stated lengths, and nothing but zeros after them", bytes.Length);
        }

        var parsed = ReadSignatureData(signatureData, version);
        return parsed is null
            ? Failed(Format, "signature data of a quote with certification data", signatureData.Length)
            : parsed with
            {
                QeVendor = new Bytes(vendor),
                BodyType = bodyType,
                Body = new Bytes(body),
                SignedBytes = new Bytes(signed),
            };
    }

    private static QuoteBodyType ReadBodyType(ref ByteReader reader, ushort version, uint tee)
    {
        if (version < 5)
        {
            return tee == TdxTee ? QuoteBodyType.Td10 : QuoteBodyType.Sgx;
        }

        var (stated, length) = ((QuoteBodyType)reader.UInt16Little(), reader.UInt32Little());
        var fits = tee == SgxTee ? stated is QuoteBodyType.Sgx : stated is QuoteBodyType.Td10 or QuoteBodyType.Td15;
        return fits && length == BodyLength(stated) ? stated : QuoteBodyType.None;
    }

    private static int BodyLength(QuoteBodyType type) => type switch
    {
        QuoteBodyType.Sgx => SgxReport.Length,
        QuoteBodyType.Td10 => 584,
        QuoteBodyType.Td15 => 648,
        _ => 0,
    };

    private static Quote? ReadSignatureData(ReadOnlySpan<byte> data, ushort version)
    {
        var reader = new ByteReader(data);
        var signature = reader.Take(64);
        var key = reader.Take(64);
        if (version > 3 && (reader.UInt16Little() != QeReportCertification || reader.UInt32Little() != reader.Remaining))
        {
            return null;
        }

        var qeReportBytes = reader.Take(SgxReport.Length);
        var qeReportSignature = reader.Take(64);
        var authentication = reader.Take(reader.UInt16Little());
        var certificationType = reader.UInt16Little();
        var certification = reader.Take(reader.UInt32Little());
        var isKnown = certificationType is >= 1 and <= PckChain && certificationType != 4;
        return !reader.IsDone || !isKnown || SgxReport.Parse(qeReportBytes) is not { } qeReport
            ? null
            : new Quote
            {
                Version = version,
                QeVendor = default,
                BodyType = QuoteBodyType.None,
                Body = default,
                SignedBytes = default,
                Signature = new Bytes(signature),
                AttestationKey = new Bytes(key),
                QeReportBytes = new Bytes(qeReportBytes),
                QeReport = qeReport,
                QeReportSignature = new Bytes(qeReportSignature),
                QeAuthentication = new Bytes(authentication),
                Certificates = certificationType == PckChain ? Pem.Read(certification, Pem.CertificateLabel) : ImmutableArray<Bytes>.Empty,
            };
    }

    private static FailedCheck Failed(string check, string wanted, long got) =>
        new(RefusalCode.EvidenceInvalid, check, wanted, got.ToString(CultureInfo.InvariantCulture));
}
