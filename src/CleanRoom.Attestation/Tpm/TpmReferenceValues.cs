using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Tpm;

/// <summary>Makes the tuple with which a contract accepts a TPM. Spec: contracts/spec/attestation/tpm.md.</summary>
public static class TpmReferenceValues
{
    /// <summary>Returns a tuple that wants these PCRs of the SHA-256 bank and no other ones, quoted by a key with this anchor.</summary>
    /// <param name="pcrs">Exactly the PCRs that the machine quotes. Each is named besides the measurement, so that a refusal says which differs.</param>
    /// <param name="anchor">SHA-256 of the SubjectPublicKeyInfo: of a pinned root, or of the attestation key itself.</param>
    public static ReferenceTuple Tuple(ImmutableSortedDictionary<int, Digest> pcrs, Digest anchor)
    {
        ArgumentNullException.ThrowIfNull(pcrs);
        var bank = new JsonObject([.. pcrs.Select(pcr => new JsonMember(pcr.Key.ToString(CultureInfo.InvariantCulture), pcr.Value.ToString()))]);
        return new ReferenceTuple
        {
            Tee = TeeNames.Tpm,
            Values = ImmutableSortedDictionary<string, string>.Empty
                .Add(EvidenceClaims.Measurement, TpmEvidence.Measurement(new JsonObject(new JsonMember("sha256", bank))).ToString())
                .AddRange(pcrs.Select(pcr => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"sha256Pcr{pcr.Key}"), pcr.Value.ToString()))),
            MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
            ChipIds = ["any"],
            Anchors = [anchor],
            Debug = false,
        };
    }
}
