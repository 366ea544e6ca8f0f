using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Asylo;

/// <summary>What Intel's provisioning certification enclave signed about the key of Asylo's assertion generator. Nothing is verified.</summary>
/// <remarks>Spec: Asylo, <c>AttestationKeyCertificate</c>, <c>PceSignReportPayload</c>, <c>AttestationPublicKey</c> (protobuf, proto2).</remarks>
internal sealed record AttestationKeyCertificate
{
    /// <summary>Most bytes: 8 KiB. Known ones have about 740.</summary>
    public const int MaxBytes = 8 * 1_024;

    private const ulong CertificateFormat = 3;
    private const ulong VerifyingKey = 2;
    private const ulong EcdsaP256Sha256 = 1;
    private const ulong DerEncoding = 2;
    private const int ReportBytes = 432;
    private const int P256Bytes = 32;

    /// <summary>Gets the report's body as it was signed, 384 bytes.</summary>
    public required Bytes ReportBody { get; init; }

    /// <summary>Gets what the body says about the assertion generator.</summary>
    public required SgxReport Report { get; init; }

    /// <summary>Gets the payload as the report data holds its digest.</summary>
    public required Bytes Payload { get; init; }

    /// <summary>Gets the certified key.</summary>
    public required VerificationKey Key { get; init; }

    /// <summary>Gets the version that the key says, text of any form.</summary>
    public required Bytes KeyVersion { get; init; }

    /// <summary>Gets the purpose that the key says, text of any form.</summary>
    public required Bytes KeyPurpose { get; init; }

    /// <summary>Gets the version that the payload says, text of any form.</summary>
    public required Bytes PayloadVersion { get; init; }

    /// <summary>Gets the signature's r and s, big endian, 32 bytes each, side by side.</summary>
    public required Bytes Signature { get; init; }

    /// <summary>Reads the message, alone or in a <c>Certificate</c> of format 3. Trust: attacker-controlled. Null for another form.</summary>
    public static AttestationKeyCertificate? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes || ProtobufMessage.Parse(bytes) is not { } message)
        {
            return null;
        }

        return message.NumberAt(1) == CertificateFormat && message.HasOnly(1, 2)
            ? message.MessageAt(2) is { } inner ? Read(inner) : null
            : Read(message);
    }

    private static AttestationKeyCertificate? Read(ProtobufMessage message)
    {
        if (!message.HasOnly(1, 2, 3)
            || message.MessageAt(1) is not { } reportMessage || !reportMessage.HasOnly(1) || reportMessage.BytesAt(1) is not { Length: ReportBytes } report
            || SgxReport.Parse(report.Span[..SgxReport.Length]) is not { } body
            || message.BytesAt(2) is not { } payload || ProtobufMessage.Parse(payload.Span) is not { } payloadMessage
            || message.MessageAt(3) is not { } signatureMessage || ReadSignature(signatureMessage) is not { } signature
            || !payloadMessage.HasOnly(1, 2) || payloadMessage.BytesAt(2) is not { } payloadVersion
            || payloadMessage.MessageAt(1) is not { } certified || !certified.HasOnly(1, 2, 3)
            || certified.BytesAt(2) is not { } version || certified.BytesAt(3) is not { } purpose
            || certified.MessageAt(1) is not { } keyMessage || ReadKey(keyMessage) is not { } key)
        {
            return null;
        }

        return new AttestationKeyCertificate
        {
            ReportBody = new Bytes(report.Span[..SgxReport.Length]),
            Report = body,
            Payload = payload,
            Key = key,
            KeyVersion = version,
            KeyPurpose = purpose,
            PayloadVersion = payloadVersion,
            Signature = signature,
        };
    }

    /// <summary>The scheme is not signed: the only one that there is must stand there, and the key of the PCK certificate must fit it.</summary>
    private static Bytes? ReadSignature(ProtobufMessage message) =>
        message.HasOnly(1, 2) && message.NumberAt(1) == EcdsaP256Sha256
        && message.MessageAt(2) is { } numbers && numbers.HasOnly(1, 2)
        && numbers.BytesAt(1) is { Length: P256Bytes } r && numbers.BytesAt(2) is { Length: P256Bytes } s
            ? new Bytes([.. r.Span, .. s.Span])
            : null;

    private static VerificationKey? ReadKey(ProtobufMessage message) =>
        message.HasOnly(1, 2, 3, 4) && message.NumberAt(1) == VerifyingKey && message.NumberAt(2) == EcdsaP256Sha256 && message.NumberAt(3) == DerEncoding
        && message.BytesAt(4) is { } spki && VerificationKey.FromSpki(spki.Span) is { FieldBytes: P256Bytes } key
            ? key
            : null;
}
