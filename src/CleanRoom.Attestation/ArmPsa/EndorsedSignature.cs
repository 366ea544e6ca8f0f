using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.ArmPsa;

/// <summary>Checks a token that carries no certificate: the device's key comes as an endorsement, and a contract names it.</summary>
internal static class EndorsedSignature
{
    /// <summary>Returns the key that signed, or null with what failed: <c>attestation-key</c>, <c>PREFIXalgorithm</c>, <c>PREFIXsignature</c>.</summary>
    public static VerificationKey? Find(CoseSign1 message, IReadOnlyList<VerificationKey> keys, string prefix, List<FailedCheck> failures)
    {
        CheckAlgorithm(message, prefix, failures);
        if (keys.Count == 0)
        {
            failures.Add(new FailedCheck(
                RefusalCode.EndorsementMissing, "attestation-key", "the device's public key among the endorsements, as pem, der or jwk", "none"));
            return null;
        }

        var key = keys.FirstOrDefault(message.IsSignedBy);
        if (key is null)
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, $"{prefix}signature", "made by a key among the endorsements", "another"));
        }

        return key;
    }

    /// <summary>Adds <c>PREFIXalgorithm</c> for anything but ECDSA.</summary>
    public static void CheckAlgorithm(CoseSign1 message, string prefix, List<FailedCheck> failures)
    {
        if (message.Algorithm is not (CoseAlgorithm.Es256 or CoseAlgorithm.Es384 or CoseAlgorithm.Es512))
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, $"{prefix}algorithm", "Es256, Es384 or Es512", message.Algorithm.ToString()));
        }
    }
}
