using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.GoogleVtpm;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.GoogleVtpm;

/// <summary>Genuine messages and certificates of Google's virtual TPMs, field by field as the collection has them.</summary>
public sealed class GoogleVtpmVectorTests
{
    [Fact]
    public void Every_vector_agrees_with_its_collection()
    {
        SharedVectors.Require();
        var cases = GoogleVtpmVectors.Cases.ToList();

        cases.Should().HaveCount(5);
        cases.ForEach(VectorVerdict.Check);
    }

    [Theory]
    [InlineData("gce-cos-85-no-nonce")]
    [InlineData("gce-cos-85-nonce9009")]
    public void Message_is_taken_apart_as_the_collection_takes_it_apart(string folder)
    {
        GoogleAttestation.Parse(SharedVectors.Read($"tpm/gce/{folder}.pb")).TryGet(out var attestation, out var failures).Should().BeTrue(string.Join(", ", failures));

        attestation!.Certificates.Single().ToArray().Should().Equal(SharedVectors.Read($"tpm/gce/{folder}.d/ak_cert.der"));
        attestation.Key.Name.ToArray().Should().Equal(TpmPublicKey.Parse(SharedVectors.Read($"tpm/gce/{folder}.d/ak_pub.tpmt"))!.Name.ToArray());
        attestation.Quotes.Select(quote => TpmAlgorithms.BankOf(quote.Bank)).Should().Equal("sha1", "sha256", "sha384");
        foreach (var quote in attestation.Quotes)
        {
            var entry = GoogleVtpmVectors.Entry(folder, TpmAlgorithms.BankOf(quote.Bank)!);
            var (stated, key) = (entry.GetProperty("attest"), entry.GetProperty("ak"));
            quote.Statement.Signed.ToArray().Should().Equal(SharedVectors.Read($"tpm/{entry.GetProperty("file").GetString()}"));
            Convert.ToHexStringLower(quote.Statement.QualifiedSigner.Span).Should().Be(stated.GetProperty("qualifiedSigner").GetString());
            Convert.ToHexStringLower(quote.Statement.ExtraData.Span).Should().Be(stated.GetProperty("extraData").GetString());
            Convert.ToHexStringLower(quote.Statement.PcrDigest.Span).Should().Be(stated.GetProperty("pcrDigest").GetString());
            quote.Statement.Clock.Should().Be(stated.GetProperty("clock").GetUInt64());
            quote.Statement.ResetCount.Should().Be(stated.GetProperty("resetCount").GetUInt32());
            quote.Statement.RestartCount.Should().Be(stated.GetProperty("restartCount").GetUInt32());
            quote.Statement.IsClockSafe.Should().Be(stated.GetProperty("safe").GetInt32() == 1);
            $"0x{attestation.Key.Attributes:x}".Should().Be(key.GetProperty("attr").GetString());
            $"0x{quote.Signature.Scheme:x}".Should().Be(key.GetProperty("scheme").GetString());
            Convert.ToHexStringLower(attestation.Key.Name.Span).Should().Be(key.GetProperty("name").GetString());
        }
    }

    [Theory]
    [InlineData("pca_tpm_ecc_sign_cert", "gcp_ek_ak_ca_intermediate_v3")]
    [InlineData("pca_tpm_rsa_sign_cert", "gcp_ek_ak_ca_intermediate_v3")]
    [InlineData("uca_tpm_ecc_sign_cert", "tpm_ek_intermediate_3")]
    [InlineData("uca_tpm_rsa_sign_cert", "tpm_ek_intermediate_3")]
    public void Certificates_of_signing_keys_end_in_the_pinned_roots(string file, string issuer)
    {
        Trust(file, issuer).TryGet(out var trust, out var failures).Should().BeTrue(string.Join(", ", failures));

        GceInstance.Of(trust!.Certificate!)!.ProjectId.Should().Be("google.com:wuale-gcp-testing");
    }

    [Theory]
    [InlineData("pca_tpm_ecc_enc_cert", "gcp_ek_ak_ca_intermediate_v3")]
    [InlineData("pca_tpm_rsa_enc_cert", "gcp_ek_ak_ca_intermediate_v3")]
    [InlineData("uca_tpm_ecc_enc_cert", "tpm_ek_intermediate_3")]
    [InlineData("uca_tpm_rsa_enc_cert", "tpm_ek_intermediate_3")]
    public void Certificates_of_keys_that_decrypt_are_refused(string file, string issuer) =>
        Trust(file, issuer).Failures.Select(failure => failure.Check).Should().Equal("ak-certificate-usage");

    private static CheckResult<TpmKeyTrust> Trust(string file, string issuer)
    {
        var set = EndorsementSet.Of([new Bytes(SharedVectors.Read($"tpm/gce-akcerts/{file}.pem")), new Bytes(SharedVectors.Read($"roots/google/{issuer}.crt"))]);
        return TpmKeyTrust.Of(
            set.Certificates[0].Key, set, TrustAnchor.Pinned("google-ek-ak-root", "google-tpm-ek-root"), AttestationVectors.Time("2026-11-25T00:00:00.000Z"));
    }
}
