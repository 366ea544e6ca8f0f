using System.Globalization;
using System.Security.Cryptography;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Values of a selection of PCRs, in its order; 32 bytes each.</summary>
internal sealed class PcrValues(PcrSelection selection, IReadOnlyList<ReadOnlyMemory<byte>> values)
{
    /// <summary>Gets which.</summary>
    public PcrSelection Selection => selection;

    /// <summary>Gets the values in ascending order of index.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Values => values;

    /// <summary>Returns SHA-256 over the values in ascending order of index: TPMS_QUOTE_INFO.pcrDigest for a scheme with SHA-256.</summary>
    public byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var value in values)
        {
            hash.AppendData(value.Span);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Returns the digest of the policy that wants these values: a session's zero digest, extended by one PolicyPCR.</summary>
    /// <remarks>Spec: TPM 2.0 Library Part 3, TPM2_PolicyPCR.</remarks>
    public byte[] PolicyDigest()
    {
        using var writer = new TpmWriter();
        writer.Raw(new byte[TpmConstants.DigestBytes]).U32((uint)TpmCommand.PolicyPcr);
        selection.WriteTo(writer);
        return SHA256.HashData(writer.Raw(Digest()).Written.Span);
    }

    /// <summary>Returns {"sha256": {index: hex, ...}}.</summary>
    public JsonObject ToJson() => new(new JsonMember("sha256", new JsonObject([.. selection.Indices.Select((index, place) =>
        new JsonMember(index.ToString(CultureInfo.InvariantCulture), Convert.ToHexStringLower(values[place].Span)))])));
}
