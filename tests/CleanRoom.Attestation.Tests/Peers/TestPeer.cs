using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Peers;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Attestation.Tests.Peers;

/// <summary>A node that shows itself to other nodes: a certificate and what is in it, each part of which a test can change.</summary>
internal sealed record TestPeer
{
    public static readonly Timestamp At = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly Binding _node = TestStages.Active.RoomBinding(TestNode.First);

    /// <summary>Gets how evidence over 64 bytes of report data is made.</summary>
    public required Func<byte[], (string Tee, byte[] Evidence, byte[][] Endorsements)> Attest { get; init; }

    public TimeSpan Before { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan After { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Gets what the evidence is made over, with the nonce that belongs to the key.</summary>
    public Func<Binding, Binding> Bind { get; init; } = binding => binding;

    /// <summary>Gets what is put into the certificate of what was attested.</summary>
    public Func<NodeAttestation, NodeAttestation> Present { get; init; } = attestation => attestation;

    public string Extension { get; init; } = PeerCertificate.EvidenceExtension;

    public static TestPeer Simulated(InsecureSimulatedMachine? machine = null) => new()
    {
        Attest = reportData => (
            TeeNames.Simulated,
            new InsecureSimulatedAttester(machine ?? TestNode.First.Machine).AttestAsync(reportData, CancellationToken.None).AsTask().GetAwaiter().GetResult().Evidence.ToArray(),
            []),
    };

    /// <summary>The binding that a node's certificate holds.</summary>
    public static Binding BindingOf(Bytes nonce) => _node with
    {
        Nonce = nonce,
        Purpose = BindingPurpose.Peer,
        Collaboration = "none",
        CollaborationKey = default,
        CheckpointKey = default,
        ContractDigest = null,
        Checkpoint = "none",
    };

    /// <summary>Attests a key.</summary>
    public NodeAttestation AttestTo(ECDsa key)
    {
        var binding = Bind(BindingOf(PeerCertificate.NonceOf(key.ExportSubjectPublicKeyInfo())));
        var (tee, evidence, endorsements) = Attest(AttestationBinding.ReportData(binding));
        return new NodeAttestation { Tee = tee, Evidence = new Bytes(evidence), Endorsements = [.. endorsements.Select(one => new Bytes(one))], Binding = binding };
    }

    /// <summary>Makes a key, attests it and signs its certificate.</summary>
    public byte[] Certificate(ECDsa? signer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=peer", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(Extension, DocumentCodec.Encode(Present(AttestTo(key))), critical: false));
        var (notBefore, notAfter) = (At.Value - Before, At.Value + After);
        using var certificate = signer is null
            ? request.CreateSelfSigned(notBefore, notAfter)
            : request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), notBefore, notAfter, [1]);
        return certificate.RawData;
    }

    /// <summary>The policy that a node with this evidence holds others to.</summary>
    public Result<FleetPolicy> Fleet(params Evidence.IEvidenceVerifier[] verifiers)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return FleetPolicy.Of(AttestTo(key), At, verifiers);
    }
}
