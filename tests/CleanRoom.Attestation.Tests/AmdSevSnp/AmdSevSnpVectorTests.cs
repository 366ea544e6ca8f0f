using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>Genuine reports, and those derived from them.</summary>
public sealed class AmdSevSnpVectorTests
{
    [Fact]
    public void Every_vector_has_the_verdict_that_the_collection_gives()
    {
        var cases = AmdSevSnpVectors.Cases.ToList();

        cases.Should().HaveCount(21);
        foreach (var one in cases)
        {
            var result = Judge(one, one.Endorsements);
            result.Failures.Select(failure => failure.Check).Should().Equal(one.FailedChecks, one.Name);
            (result.Verdict == AttestationVerdict.Affirming).Should().Be(one.Expected == "accept", one.Name);
        }
    }

    [Fact]
    public void Every_claim_that_the_collection_gives_is_ours()
    {
        foreach (var one in AmdSevSnpVectors.Cases.Where(one => !one.Claims.IsEmpty))
        {
            var claims = Judge(one, one.Endorsements).Claims!;
            foreach (var (name, value) in one.Claims)
            {
                Claim(claims, name).Should().Be(value, $"{name} of {one.Name}");
            }
        }
    }

    [Fact]
    public void Every_genuine_report_needs_each_of_its_endorsements()
    {
        foreach (var one in AmdSevSnpVectors.Cases.Where(one => one is { IsGenuine: true, Expected: "accept" }))
        {
            Judge(one, []).Failures.Select(failure => failure.Check).Should().Equal(["vek"], one.Name);
            Judge(one, one.Endorsements.RemoveAt(0)).Failures.Select(failure => failure.Check).Should().Equal(["vek"], one.Name);

            // The sidecar's file holds the whole chain, as Azure's JSON does.
            if (!one.Name.Contains("azure-aci-sidecar", StringComparison.Ordinal) && !one.Name.Contains("#uvm", StringComparison.Ordinal))
            {
                Judge(one, one.Endorsements.RemoveAt(1)).Failures.Select(failure => failure.Check).Should().Equal(["chain"], one.Name);
            }
        }
    }

    [Fact]
    public void Certificate_of_turin_without_a_report_has_a_chain_of_its_own()
    {
        var report = AmdSevSnpVectors.Cases.Single(one => one.Name.Contains("ms-tav-turin", StringComparison.Ordinal));
        var result = Judge(report, [new Bytes(SharedVectors.Read("amd-snp/virtee-turin-cert-only/vcek.der")), new Bytes(SharedVectors.Read("amd-snp/virtee-turin-cert-only/cert_chain.pem"))]);

        result.Failures.Select(failure => failure.Check).Should().Contain(["signature", "vek-chip-id"]).And.NotContain("chain");
    }

    [Fact]
    public void No_other_evidence_is_taken_for_a_report()
    {
        var folder = SharedVectors.Require();
        var verifier = new AmdSevSnpVerifier();
        var recognised = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => new FileInfo(file).Length <= EvidenceAppraiser.MaxBytes && verifier.Recognises(File.ReadAllBytes(file)))
            .Select(file => Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0]);

        recognised.Distinct().Should().Equal("amd-snp");
    }

    private static AttestationResult Judge(VectorCase one, IEnumerable<Bytes> endorsements) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(one.Verifier.Tee, one.Evidence, [.. endorsements]), Expected.Learned<Bytes>("a vector of another project"), one.At, [one.Verifier]);

    private static string Claim(EvidenceClaims claims, string name) => name switch
    {
        "reportData" => claims.ReportData,
        "chipId" => claims.ChipId!,
        "debug" => claims.Debug ? "true" : "false",
        _ => claims.Values.TryGetValue(name, out var value) ? value : claims.Tcb[name].ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
