using CleanRoom.Attestation.Signatures;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Benchmarks.Measures;

/// <summary>What every measure is compared with, round by round: one verification of ECDSA over P-384 by BouncyCastle.</summary>
internal static class Baseline
{
    /// <summary>Makes the baseline.</summary>
    public static Measure P384()
    {
        var key = TestKey.Ec("P-384");
        var (data, verification) = (new byte[1_024], VerificationKey.FromSpki(key.Spki)!);
        var signature = key.SignRaw(data);
        return new Measure("baseline/p384-verify", Goal: null, () => Outcome.Require(verification.VerifyEcdsa(HashName.Sha384, data, signature), "baseline"));
    }
}
