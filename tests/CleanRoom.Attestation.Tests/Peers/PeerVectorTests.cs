using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Peers;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.Attestation.Tests.Peers;

/// <summary>contracts/vectors/attestation/peer.json: a certificate to other nodes, worked.</summary>
public sealed class PeerVectorTests
{
    private static readonly string _file = RepositoryFiles.Committed("contracts", "vectors", "attestation", "peer.json");

    [Fact]
    public void Certificate_of_the_vector_is_read_and_appraised()
    {
        var vector = JsonDocument.Parse(File.ReadAllBytes(_file)).RootElement;
        var certificate = AttestationVectors.Base64(vector, "certificate");
        var at = AttestationVectors.Time(AttestationVectors.Text(vector, "at"));
        InsecureSimulatedVerifier[] verifiers = [new()];

        PeerCertificate.NonceOf(AttestationVectors.Base64(vector, "subjectPublicKeyInfo").Span).Should().Be(AttestationVectors.Base64(vector, "nonce"));
        PeerCertificate.Parse(certificate.Span).TryGet(out var parsed, out _).Should().BeTrue();
        parsed!.Attestation.Binding.Nonce.Should().Be(AttestationVectors.Base64(vector, "nonce"));
        var fleet = FleetPolicy.Of(parsed.Attestation, at, verifiers).Value;
        PeerAppraisal.Appraise(certificate.Span, fleet, at, verifiers).Value.Measurement.Should().Be(AttestationVectors.Text(vector, "measurement"));
    }

    /// <summary>Writes the vector anew, with another key: whoever asks for it means to change the format.</summary>
    [Fact(Explicit = true)]
    public void Rewrite_peer_vector()
    {
        var certificate = TestPeer.Simulated().Certificate();
        PeerCertificate.Parse(certificate).TryGet(out var parsed, out _).Should().BeTrue();
        var vector = new JsonObject
        {
            ["at"] = TestPeer.At.ToString(),
            ["certificate"] = Convert.ToBase64String(certificate),
            ["subjectPublicKeyInfo"] = Convert.ToBase64String(parsed!.Certificate.Spki.Span),
            ["nonce"] = Convert.ToBase64String(PeerCertificate.NonceOf(parsed.Certificate.Spki.Span).Span),
            ["measurement"] = PeerAppraisal.Appraise(certificate, TestPeer.Simulated().Fleet(new InsecureSimulatedVerifier()).Value, TestPeer.At, [new InsecureSimulatedVerifier()])
                .Value.Measurement,
        };
        File.WriteAllText(_file, vector.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
    }
}
