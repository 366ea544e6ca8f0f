using System.Buffers.Binary;
using System.Security.Cryptography;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Attestation.Peers;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Attestation.Tests.Peers;

/// <summary>Who gets into a cluster: the same code on a machine that is as good, with a key that its own evidence names. Each refusal names its check.</summary>
public sealed class PeerAppraisalTests
{
    private static readonly IEvidenceVerifier[] _verifiers = [new InsecureSimulatedVerifier(), TestSnp.Verifier];
    private static readonly TestPeer _simulated = TestPeer.Simulated();
    private static readonly FleetPolicy _simulatedFleet = _simulated.Fleet(_verifiers).Value;
    private static readonly TestPeer _snp = Snp();
    private static readonly FleetPolicy _fleet = _snp.Fleet(_verifiers).Value;

    public static TheoryData<string, Action<byte[]>> OtherMachines => new()
    {
        { "measurement", report => report[0x90] ^= 1 },
        { "hostData", report => report[0xC0] ^= 1 },
        { "debug", report => report[TestSnp.PolicyAt + 2] |= 8 },
        { "policy", report => report[TestSnp.PolicyAt + 2] |= 8 },
        { "vmpl", report => report[0x30] = 1 },
        { "migratable", report => report[TestSnp.PolicyAt + 2] |= 4 },
        { "tcb.reported.snp", report => OldTcb(report) },
        { "tcb.guestSvn", report => BinaryPrimitives.WriteUInt32LittleEndian(report.AsSpan(0x04), 6) },
    };

    [Fact]
    public void Same_code_on_another_machine_is_a_peer()
    {
        var peer = Appraise(_snp.Certificate(), _fleet).Value;

        peer.Measurement.Should().Be(string.Concat(Enumerable.Repeat("44", 48)));
        peer.Binding.Purpose.Should().Be(BindingPurpose.Peer);
        _fleet.AllowInsecure.Should().BeFalse();
    }

    [Fact]
    public void Machine_with_newer_firmware_is_a_peer_and_takes_the_older_for_none()
    {
        var newer = Snp(report => report[4] = 8);

        Appraise(newer.Certificate(), _fleet).IsAccepted.Should().BeTrue();
        Refused(_snp.Certificate(), newer.Fleet(_verifiers).Value).Should().Contain("tcb.guestSvn");
    }

    [Theory]
    [MemberData(nameof(OtherMachines))]
    public void Other_code_debug_and_old_firmware_are_refused(string check, Action<byte[]> change) =>
        Refused(Snp(change).Certificate(), _fleet).Should().Contain(check);

    [Fact]
    public void Copied_evidence_is_refused_because_it_names_another_key()
    {
        using var genuine = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var copied = _snp.AttestTo(genuine);

        Refused((_snp with { Present = _ => copied }).Certificate(), _fleet).Should().Equal("binding.nonce");
    }

    [Fact]
    public void Copied_evidence_under_a_changed_binding_is_refused_because_it_was_made_over_another()
    {
        using var genuine = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var copied = _snp.AttestTo(genuine);

        Refused((_snp with { Present = attested => copied with { Binding = attested.Binding } }).Certificate(), _fleet).Should().Equal("report-data");
    }

    [Theory]
    [InlineData(BindingPurpose.Admission)]
    [InlineData(BindingPurpose.Room)]
    [InlineData(BindingPurpose.Handover)]
    public void Evidence_that_anybody_may_ask_a_genuine_node_for_is_no_peers(BindingPurpose purpose) =>
        Refused((_snp with { Bind = binding => binding with { Purpose = purpose } }).Certificate(), _fleet).Should().Contain("binding.purpose");

    [Fact]
    public void Peers_evidence_is_no_answer_to_a_question()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var attestation = _simulated.AttestTo(key);

        NodeAppraisal.Appraise(
            attestation, ExpectedBinding.Admission(attestation.Binding.Nonce), _simulatedFleet.Policy, allowInsecure: true, TestPeer.At, _verifiers)
            .Refusals.Should().ContainSingle().Which.Wanted.Should().StartWith("binding.purpose");
    }

    [Fact]
    public void Certificate_that_another_key_signed_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Refused(_snp.Certificate(other), _fleet).Should().Equal("peer-signature");
    }

    [Theory]
    [InlineData(-1, 24 * 60, "peer-validity")]
    [InlineData(24 * 60, -1, "peer-validity")]
    [InlineData(5, 26 * 60, "peer-lifetime")]
    public void Certificate_of_another_time_or_for_too_long_is_refused(int before, int after, string check) =>
        Refused((_snp with { Before = TimeSpan.FromMinutes(before), After = TimeSpan.FromMinutes(after) }).Certificate(), _fleet).Should().Equal(check);

    [Fact]
    public void Certificate_without_evidence_or_with_bytes_of_another_form_is_refused()
    {
        Refused((_snp with { Extension = "1.2.3.4" }).Certificate(), _fleet).Should().Equal("peer-evidence");
        Refused((_snp with { Present = attestation => attestation with { Binding = attestation.Binding with { Build = "\r" } } }).Certificate(), _fleet)
            .Should().NotBeEmpty();
        Refused([], _fleet).Should().Equal("peer-certificate");
        Refused([.. _snp.Certificate(), 0], _fleet).Should().Equal("peer-certificate");
        Refused(new byte[PeerCertificate.MaxBytes + 1], _fleet).Should().Equal("peer-certificate");
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_is_refused()
    {
        var certificate = _simulated.Certificate();
        for (var at = 0; at < certificate.Length; at++)
        {
            var changed = certificate.ToArray();
            changed[at] ^= 1;

            Appraise(certificate.AsSpan(..at), _simulatedFleet).IsAccepted.Should().BeFalse();
            Appraise(changed, _simulatedFleet).IsAccepted.Should().BeFalse();
        }
    }

    [Fact]
    public void Simulated_node_is_a_peer_of_its_like_alone()
    {
        Appraise(_simulated.Certificate(), _simulatedFleet).IsAccepted.Should().BeTrue();
        Refused(TestPeer.Simulated(InsecureSimulatedMachine.OfBuild("other")).Certificate(), _simulatedFleet).Should().Contain("measurement");
        Refused(TestPeer.Simulated(TestNode.First.Machine with { TcbVersion = 0 }).Certificate(), _simulatedFleet).Should().Contain("tcb.simulated");
        Refused(TestPeer.Simulated(TestNode.First.Machine with { Debug = true }).Certificate(), _simulatedFleet).Should().Contain("debug");
        Refused(_simulated.Certificate(), _fleet).Should().Contain("tee");
        Refused(_snp.Certificate(), _simulatedFleet).Should().Contain("tee");
    }

    [Fact]
    public void Node_whose_own_evidence_cannot_be_verified_has_no_policy()
    {
        (_snp with { Attest = reportData => (TeeNames.AmdSevSnp, Report(reportData, null), []) }).Fleet(_verifiers).Refusals
            .Should().Contain(refusal => refusal.Code == RefusalCode.EndorsementMissing);
        _snp.Fleet(new InsecureSimulatedVerifier()).Refusals.Should().ContainSingle().Which.Wanted.Should().StartWith("tee");
        (_snp with { Attest = reportData => (TeeNames.AmdSevSnp, Report([.. reportData.Reverse()], null), [TestSnp.Vek(), TestSnp.Ask.Der]) }).Fleet(_verifiers).Refusals
            .Should().ContainSingle().Which.Wanted.Should().StartWith("report-data");
    }

    internal static TestPeer Snp(Action<byte[]>? change = null) => new()
    {
        Attest = reportData => (TeeNames.AmdSevSnp, Report(reportData, change), [TestSnp.Vek(), TestSnp.Ask.Der]),
    };

    private static byte[] Report(byte[] reportData, Action<byte[]>? change) => TestSnp.Report(report =>
    {
        reportData.CopyTo(report.AsSpan(0x50));
        change?.Invoke(report);
    });

    /// <summary>A platform whose firmware is one version older, and a signing key that was made for it.</summary>
    private static void OldTcb(byte[] report) => report[TestSnp.ReportedTcbAt + 6] = 7;

    private static Result<AppraisedNode> Appraise(ReadOnlySpan<byte> certificate, FleetPolicy fleet) =>
        PeerAppraisal.Appraise(certificate, fleet, TestPeer.At, _verifiers);

    private static List<string> Refused(ReadOnlySpan<byte> certificate, FleetPolicy fleet) =>
        [.. Appraise(certificate, fleet).Refusals.Select(refusal => refusal.Wanted.Split(' ')[0])];
}
