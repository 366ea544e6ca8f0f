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
        if (bytes.Length > MaxBytes)
        {
            return null;
        }

        var wrapped = ProtoMessage.Parse(bytes);
        return wrapped.Number(1) == CertificateFormat && wrapped.Content(2) is var inner && wrapped.IsDone
            ? Read(ProtoMessage.Parse(inner.Span))
            : Read(ProtoMessage.Parse(bytes));
    }

    private static AttestationKeyCertificate? Read(ProtoMessage message)
    {
        var reportMessage = message.Inner(1);
        var report = reportMessage.Exactly(1, ReportBytes);
        var payload = message.Content(2);
        var payloadMessage = ProtoMessage.Parse(payload.Span);
        var certified = payloadMessage.Inner(1);
        var payloadVersion = payloadMessage.Content(2);
        var keyMessage = certified.Inner(1);
        var (version, purpose) = (certified.Content(2), certified.Content(3));
        var signatureMessage = message.Inner(3);
        return ReadSignature(signatureMessage) is { } signature && ReadKey(keyMessage) is { } key
            && message.IsDone && reportMessage.IsDone && payloadMessage.IsDone && certified.IsDone
            && payloadVersion.Length > 0 && version.Length > 0 && purpose.Length > 0
            && SgxReport.Parse(report.AsSpan(0, SgxReport.Length)) is { } body
            ? new AttestationKeyCertificate
            {
                ReportBody = new Bytes(report.AsSpan(0, SgxReport.Length)),
                Report = body,
                Payload = payload,
                Key = key,
                KeyVersion = version,
                KeyPurpose = purpose,
                PayloadVersion = payloadVersion,
                Signature = signature,
            }
            : null;
    }

    /// <summary>The scheme is not signed: the only one that there is must stand there, and the key of the PCK certificate must fit it.</summary>
    private static Bytes? ReadSignature(ProtoMessage message)
    {
        var scheme = message.Number(1);
        var numbers = message.Inner(2);
        byte[] both = [.. numbers.Exactly(1, P256Bytes), .. numbers.Exactly(2, P256Bytes)];
        return scheme == EcdsaP256Sha256 && numbers.IsDone && message.IsDone ? new Bytes(both) : null;
    }

    private static VerificationKey? ReadKey(ProtoMessage message)
    {
        var isWanted = message.Number(1) == VerifyingKey & message.Number(2) == EcdsaP256Sha256 & message.Number(3) == DerEncoding;
        return message.Content(4) is var spki && isWanted && message.IsDone && VerificationKey.FromSpki(spki.Span) is { FieldBytes: P256Bytes } key
            ? key
            : null;
    }
}
