using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Cose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureUvm;

/// <summary>Azure's statement which launch measurement its utility VM has, whose form is right. Nothing is known about who made it.</summary>
/// <remarks>Spec: contracts/spec/attestation/azure-uvm.md; RFC 9360 (x5chain, x5t).</remarks>
internal sealed record UvmEndorsement
{
    private const int MaxBytes = 64 * 1_024;
    private const int MaxPayloadBytes = 4_096;
    private const int MaxChain = 8;
    private const int MaxTextCharacters = 256;
    private const int MeasurementBytes = 48;
    private const int ThumbprintBytes = 32;
    private const long ContentTypeLabel = 3;
    private const long ChainLabel = 33;
    private const long ThumbprintLabel = 34;
    private const long Sha256 = -16;
    private const ulong EpochTag = 1;
    private const long LastSecond = 253_402_300_799;
    private const string Json = "application/json";
    private const string MeasurementMember = "x-ms-sevsnpvm-launchmeasurement";
    private const string SvnMember = "x-ms-sevsnpvm-guestsvn";
    private const string Part = "uvm endorsement";

    /// <summary>Gets the signed message.</summary>
    public required CoseSign1 Message { get; init; }

    /// <summary>Gets the certificates, leaf first.</summary>
    public required ImmutableArray<Certificate> Chain { get; init; }

    /// <summary>Gets SHA-256 of the leaf as the signer stated it.</summary>
    public required Bytes Thumbprint { get; init; }

    public required UvmIssuer Issuer { get; init; }

    /// <summary>Gets what is endorsed: <c>ContainerPlat-AMD-UVM</c>.</summary>
    public required string Feed { get; init; }

    /// <summary>Gets the moment of signing, as the signer stated it.</summary>
    public required Timestamp SignedAt { get; init; }

    /// <summary>Gets the launch measurement, 48 bytes.</summary>
    public required Bytes LaunchMeasurement { get; init; }

    /// <summary>Gets the security version of the utility VM.</summary>
    public required int GuestSvn { get; init; }

    /// <summary>Returns whether the bytes look like such a statement. Cheap, and no promise.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes) => CoseSign1.LooksLikeOne(bytes) && bytes.IndexOf("x-ms-sevsnpvm-launchmeasurement"u8) >= 0;

    /// <summary>Reads the form. Trust: attacker-controlled.</summary>
    /// <returns>The statement, or <c>uvm-format</c> for everything that is missing or of another form.</returns>
    public static CheckResult<UvmEndorsement> Parse(ReadOnlySpan<byte> bytes)
    {
        if (!CoseSign1.Parse(bytes, MaxBytes, Part).TryGet(out var message, out var failures))
        {
            return Named(failures);
        }

        var reader = new ClaimReader(Part);
        var header = message.ProtectedHeader;
        if (header[ContentTypeLabel] is not { Kind: CborKind.Text, Text: Json })
        {
            reader.Fail("content type", Json, header[ContentTypeLabel]);
        }

        var issuer = UvmIssuer.Parse(reader.Text(header["iss"], "iss", MaxTextCharacters));
        if (issuer is null)
        {
            reader.Fail("iss", "did:x509:0:sha256:FINGERPRINT::eku:OID", header["iss"]);
        }

        var (measurement, svn) = ReadPayload(message.Payload.Span, reader);
        var endorsement = new UvmEndorsement
        {
            Message = message,
            Chain = ReadChain(header[ChainLabel], reader),
            Thumbprint = ReadThumbprint(header[ThumbprintLabel], reader),
            Issuer = issuer ?? new UvmIssuer(default, string.Empty),
            Feed = reader.Text(header["feed"], "feed", MaxTextCharacters),
            SignedAt = ReadTime(header["signingtime"], reader),
            LaunchMeasurement = measurement,
            GuestSvn = svn,
        };
        return reader.Failures is { IsEmpty: false } malformed ? Named(malformed) : endorsement;
    }

    private static ImmutableArray<Certificate> ReadChain(CborItem? item, ClaimReader reader)
    {
        var chain = ImmutableArray.CreateBuilder<Certificate>();
        foreach (var one in reader.Array(item, "x5chain", 2, MaxChain))
        {
            if (Certificate.Parse(reader.Bytes(one, "x5chain", 1, Certificate.MaxBytes).Span) is { } certificate)
            {
                chain.Add(certificate);
            }
            else
            {
                reader.Fail("x5chain", "certificates", one);
            }
        }

        return chain.ToImmutable();
    }

    private static Bytes ReadThumbprint(CborItem? item, ClaimReader reader)
    {
        if (item is { Items: [{ Kind: CborKind.Integer, Number: Sha256 }, var hash] })
        {
            return reader.Bytes(hash, "x5t", ThumbprintBytes, ThumbprintBytes);
        }

        reader.Fail("x5t", "sha-256 of the leaf", item);
        return default;
    }

    private static Timestamp ReadTime(CborItem? item, ClaimReader reader)
    {
        var seconds = reader.Number(item is { Kind: CborKind.Tagged, Tag: EpochTag } ? item.Items[0] : null, "signingtime in seconds since 1970", 1, LastSecond);
        return Timestamp.From(DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    private static (Bytes Measurement, int Svn) ReadPayload(ReadOnlySpan<byte> payload, ClaimReader reader)
    {
        var json = payload.ToArray();
        using var document = json.Length > MaxPayloadBytes ? null : Asn1Guard.Read(() => JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 }));
        var (measurement, svn) = (Member(document, MeasurementMember), Member(document, SvnMember));
        var isHex = measurement.Length == 2 * MeasurementBytes && measurement.All(char.IsAsciiHexDigitLower);
        if (!isHex)
        {
            reader.Fail(MeasurementMember, $"{MeasurementBytes} bytes in lower-case hex", $"a text of {measurement.Length} characters");
        }

        if (!int.TryParse(svn, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            reader.Fail(SvnMember, "a decimal number in a text", $"a text of {svn.Length} characters");
        }

        return (isHex ? new Bytes(Convert.FromHexString(measurement)) : default, number);
    }

    private static string Member(JsonDocument? document, string name) =>
        document is { RootElement.ValueKind: JsonValueKind.Object } && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? Asn1Guard.Read(value.GetString) ?? string.Empty
            : string.Empty;

    private static ImmutableArray<FailedCheck> Named(ImmutableArray<FailedCheck> failures) => [.. failures.Select(failure => failure with { Check = "uvm-format" })];
}
