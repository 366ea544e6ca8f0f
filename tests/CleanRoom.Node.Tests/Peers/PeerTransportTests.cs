using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Peers;
using CleanRoom.Node.Peers;
using CleanRoom.TestKit.Collaborations;
using Microsoft.Extensions.Logging.Abstractions;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using CertificateRequest = System.Security.Cryptography.X509Certificates.CertificateRequest;
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

namespace CleanRoom.Node.Tests.Peers;

/// <summary>Who a silo speaks with, over real connections: spec contracts/spec/0020. What a certificate is refused for is <c>PeerAppraisalTests</c>' matter.</summary>
public sealed class PeerTransportTests : IAsyncLifetime
{
    private static readonly InsecureSimulatedMachine _machine = InsecureSimulatedMachine.OfBuild(TestContracts.Build);

    private PeerSilo? _silo;

    public static TheoryData<string, string> OtherMachines => new() { { "code", "measurement" }, { "debug", "debug" }, { "firmware", "tcb.simulated" } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PeerSilo Silo => _silo!; // Started before each test.

    public async ValueTask InitializeAsync() => _silo = await PeerSilo.StartAsync(_machine, joins: null, Cancel);

    public ValueTask DisposeAsync() => Silo.DisposeAsync();

    [Fact]
    public async Task Silo_with_the_same_code_joins_on_another_machine()
    {
        await using var second = await PeerSilo.StartAsync(_machine with { ChipId = InsecureSimulatedMachine.OfBuild("another chip").ChipId }, Silo.Port, Cancel);

        (await second.MembersAsync()).Should().BeEquivalentTo([Silo.Port, second.Port]);
        (await Silo.MembersAsync()).Should().BeEquivalentTo([Silo.Port, second.Port]);
        Silo.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Node_with_the_same_code_is_spoken_with()
    {
        using var genuine = await IssuedAsync(_machine);

        (await Intruder(genuine, KeyOf(genuine)).GetsInAsync(Silo.Port, Cancel)).Should().BeTrue("or the tests below would show nothing");
    }

    [Theory]
    [MemberData(nameof(OtherMachines))]
    public async Task Peer_with_other_code_debug_or_old_firmware_gets_no_byte(string what, string check)
    {
        var machine = what switch
        {
            "code" => InsecureSimulatedMachine.OfBuild("other"),
            "debug" => _machine with { Debug = true },
            _ => _machine with { TcbVersion = _machine.TcbVersion - 1 },
        };
        using var other = await IssuedAsync(machine);

        (await Intruder(other, KeyOf(other)).GetsInAsync(Silo.Port, Cancel)).Should().BeFalse();
        (await Silo.LineAsync(Cancel)).Should().StartWith("4102 ").And.Contain(check);
    }

    [Fact]
    public async Task Copied_evidence_gets_no_byte()
    {
        using var genuine = await IssuedAsync(_machine);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(genuine.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(genuine.Extensions[PeerCertificate.EvidenceExtension]!);
        using var copied = request.CreateSelfSigned(genuine.NotBefore, genuine.NotAfter);

        (await Intruder(copied, KeyOf(copied)).GetsInAsync(Silo.Port, Cancel)).Should().BeFalse();
        (await Silo.LineAsync(Cancel)).Should().Contain("binding.nonce");
    }

    [Fact]
    public async Task Stolen_certificate_without_its_key_gets_no_byte()
    {
        using var genuine = await IssuedAsync(_machine);
        using var other = await IssuedAsync(_machine);

        (await Intruder(genuine, KeyOf(other)).GetsInAsync(Silo.Port, Cancel)).Should().BeFalse();
    }

    [Fact]
    public async Task Client_without_a_certificate_gets_no_byte() =>
        (await new PeerIntruder(certificate: null, key: null, ProtocolVersion.TLSv13).GetsInAsync(Silo.Port, Cancel)).Should().BeFalse();

    [Fact]
    public async Task Older_version_of_TLS_gets_no_byte()
    {
        using var genuine = await IssuedAsync(_machine);

        (await new PeerIntruder(genuine.RawData, KeyOf(genuine), ProtocolVersion.TLSv12).GetsInAsync(Silo.Port, Cancel)).Should().BeFalse();
    }

    [Fact]
    public async Task Node_refuses_to_speak_with_a_silo_of_other_code()
    {
        await using var other = await PeerSilo.StartAsync(InsecureSimulatedMachine.OfBuild("other"), joins: null, Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var joining = PeerSilo.StartAsync(_machine, other.Port, stop.Token);

        (await other.LineAsync(Cancel)).Should().Contain("measurement", "the silo that is asked refuses too");
        await stop.CancelAsync();
        await joining.Awaiting(task => task).Should().ThrowAsync<Exception>();
        (await other.MembersAsync()).Should().BeEquivalentTo([other.Port]);
    }

    [Fact]
    public async Task Nodes_own_evidence_must_be_verifiable()
    {
        using var identity = await PeerSilo.IdentityAsync(_machine);

        await FluentActions.Awaiting(() => PeerTransport.CreateAsync(identity, [], TimeProvider.System, NullLogger.Instance, Cancel))
            .Should().ThrowAsync<PeerEvidenceException>().WithMessage("wanted evidence of this node that it can verify itself*");
    }

    private static PeerIntruder Intruder(X509Certificate2 certificate, AsymmetricKeyParameter key) => new(certificate.RawData, key, ProtocolVersion.TLSv13);

    /// <summary>Returns the private key that came with a certificate.</summary>
    internal static AsymmetricKeyParameter KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return PrivateKeyFactory.CreateKey(key.ExportPkcs8PrivateKey());
    }

    /// <summary>A node's certificate, which outlives the node's keys.</summary>
    internal static async Task<X509Certificate2> IssuedAsync(InsecureSimulatedMachine machine)
    {
        using var identity = await PeerSilo.IdentityAsync(machine);
        await using var certificates = await PeerCertificates.CreateAsync(identity, TimeProvider.System, NullLogger.Instance, Cancel);
        return new X509Certificate2(certificates.Current);
    }
}
