using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.OpenEnclave;

/// <summary>An Open Enclave report or evidence, taken apart into the quote and the custom claims.</summary>
/// <param name="Quote">The SGX quote.</param>
/// <param name="CustomClaims">What the enclave's report data is the digest of; null where the report data is the enclave's own choice.</param>
/// <remarks>Spec: Open Enclave SDK, <c>oe_report_header_t</c> and <c>oe_attestation_header_t</c>; little endian.</remarks>
internal sealed record OpenEnclaveFrame(Bytes Quote, Bytes? CustomClaims)
{
    private const uint Version = 1;
    private const uint RemoteReport = 2;
    private const int SignatureLengthAt = 432;
    private const int UuidLength = 16;
    private const int EvidenceHeaderLength = 28;
    private const int MaxClaimsBytes = 32 * 1024;
    private const string SgxEcdsa = "a3a21e871b4d4014b70aa125d2fbcd8c";
    private const string LegacyRemoteReport = "c8303454d9234c2ca691df7def460a76";
    private const string RawQuote = "1923d91e12d24c72b22025cd8dace871";

    /// <summary>Reads the frame; null for another one: a local report proves nothing to somebody elsewhere.</summary>
    public static OpenEnclaveFrame? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > QuoteParser.MaxBytes + EvidenceHeaderLength + MaxClaimsBytes)
        {
            return null;
        }

        var reader = new ByteReader(bytes);
        if (reader.UInt32Little() != Version)
        {
            return null;
        }

        var format = Hex.Of(reader.Take(UuidLength));
        var isEvidence = format is SgxEcdsa or LegacyRemoteReport or RawQuote;
        return isEvidence ? ParseEvidence(format, ref reader) : ParseReport(bytes);
    }

    private static OpenEnclaveFrame? ParseReport(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var isRemote = reader.UInt32Little() == Version && reader.UInt32Little() == RemoteReport;
        return isRemote && reader.UInt64Little() == (ulong)reader.Remaining && !reader.Failed
            ? new OpenEnclaveFrame(new Bytes(reader.Take(reader.Remaining)), CustomClaims: null)
            : null;
    }

    private static OpenEnclaveFrame? ParseEvidence(string format, ref ByteReader reader)
    {
        if (reader.UInt64Little() != (ulong)reader.Remaining || reader.Failed)
        {
            return null;
        }

        var data = reader.Take(reader.Remaining);
        return format switch
        {
            RawQuote => new OpenEnclaveFrame(new Bytes(data), CustomClaims: null),
            LegacyRemoteReport => ParseReport(data),
            _ => Split(data),
        };
    }

    /// <summary>Cuts after the quote, whose length is in it.</summary>
    private static OpenEnclaveFrame? Split(ReadOnlySpan<byte> data)
    {
        var reader = new ByteReader(data);
        reader.Take(SignatureLengthAt);
        reader.Take(reader.UInt32Little());
        return reader.Failed
            ? null
            : new OpenEnclaveFrame(new Bytes(data[..reader.Position]), new Bytes(data[reader.Position..]));
    }
}
