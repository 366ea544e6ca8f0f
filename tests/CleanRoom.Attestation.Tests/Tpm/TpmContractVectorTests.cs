using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;
using CleanRoom.TestKit;

namespace CleanRoom.Attestation.Tests.Tpm;

/// <summary><c>contracts/vectors/attestation/tpm.json</c>: what the attester wrote, and what must be refused.</summary>
public sealed class TpmContractVectorTests
{
    private static readonly JsonElement s_vector = JsonDocument.Parse(
        File.ReadAllBytes(RepositoryFiles.Committed("contracts", "vectors", "attestation", "tpm.json"))).RootElement;

    public static TheoryData<string> Cases => [.. s_vector.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_verdict_is_that_of_the_vector(string name)
    {
        var one = s_vector.GetProperty("cases").EnumerateArray().Single(candidate => candidate.GetProperty("name").GetString() == name);

        var result = EvidenceAppraiser.Authenticate(
            new PresentedEvidence(AttestationVectors.Text(one, "tee"), AttestationVectors.Base64(one, "evidence"), []),
            Expected.Exactly(new Bytes(Convert.FromHexString(AttestationVectors.Text(s_vector, "reportData")))),
            AttestationVectors.Time("2026-11-25T00:00:00.000Z"),
            [new TpmVerifier()]);

        var failed = one.GetProperty("failedCheck").GetString();
        result.Failures.Select(failure => failure.Check).Should().Equal(failed is null ? [] : [failed]);
        if (failed is null)
        {
            result.Verdict.Should().Be(AttestationVerdict.Warning);
            foreach (var pcr in s_vector.GetProperty("pcrs").EnumerateObject())
            {
                result.Claims!.Values[$"sha256Pcr{pcr.Name}"].Should().Be(pcr.Value.GetString());
            }
        }
    }
}
