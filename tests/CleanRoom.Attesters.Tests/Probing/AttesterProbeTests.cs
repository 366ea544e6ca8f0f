using System.Net.Sockets;
using CleanRoom.Attesters.Probing;
using CleanRoom.Attesters.Tests.Azure;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Attesters.Tests.Probing;

public sealed class AttesterProbeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _metadata = new();
    private readonly List<AttesterProbe> _probes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _probes.ForEach(probe => probe.Dispose());
        _metadata.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Machine_without_a_tee_has_a_reason_for_each_in_the_documented_order()
    {
        var found = await ProbeAsync(ProbeOptions.Auto);

        found.Refusals.Select(refusal => refusal.Wanted).Should().Equal(
            "a machine with confidential-space", "a machine with configfs-tsm", "a machine with sev-guest",
            "a machine with nitro", "a machine with azure-vtpm", "a machine with tpm");
        found.Refusals.Should().OnlyContain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted && refusal.Got.Contains("got none"));
    }

    [Theory]
    [InlineData("gcp-confidential-space", 1)]
    [InlineData("amd-sev-snp", 2)]
    [InlineData("intel-tdx", 1)]
    [InlineData("arm-cca", 1)]
    [InlineData("aws-nitro", 1)]
    [InlineData("azure-vtpm", 1)]
    [InlineData("tpm", 1)]
    public async Task Named_tee_that_is_absent_is_refused_and_no_other_is_looked_for(string tee, int ways)
    {
        var found = await ProbeAsync(tee);

        found.Refusals.Should().HaveCount(ways);
    }

    [Theory]
    [InlineData("simulated")]
    [InlineData("sgx")]
    public async Task Name_that_is_no_device_is_refused(string tee) => (await ProbeAsync(tee)).Refusals.Single().Got.Should().Be(tee);

    [Fact]
    public async Task Bare_tpm_is_the_last_choice_and_the_others_have_their_reasons()
    {
        await using var tpm = await RealTpm.StartAsync();

        var found = (await ProbeAsync(ProbeOptions.Auto, tpm.Endpoint)).Value;

        found.Attester.Tee.Should().Be("tpm");
        found.Sealer.Kind.Should().Be("tpm-pcr-policy");
        found.Counter.Kind.Should().Be("tpm-nv");
        (await found.Attester.AttestAsync(new byte[64], Token)).Evidence.Length.Should().BePositive();
        found.PassedOver.Select(one => one.Candidate).Should().Equal("confidential-space", "configfs-tsm", "sev-guest", "nitro", "azure-vtpm");
    }

    [Fact]
    public async Task Tpm_of_azure_is_azures()
    {
        await using var tpm = await AzureMachine.StartAsync(AzureMachine.HclReport(2));

        (await ProbeAsync(ProbeOptions.Auto, tpm.Endpoint)).Value.Attester.Tee.Should().Be("azure-vtpm");
        (await ProbeAsync("tpm", tpm.Endpoint)).Value.Attester.Tee.Should().Be("tpm");
    }

    [Theory]
    [InlineData("sev-guest", "amd-sev-snp", "snp-derived-key")]
    [InlineData("nsm", "aws-nitro", "memory")]
    [InlineData("launcher", "gcp-confidential-space", "memory")]
    public async Task Device_that_is_there_is_taken(string device, string tee, string sealing)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_directory.File(device)));

        var found = (await ProbeAsync(ProbeOptions.Auto)).Value;

        (found.Attester.Tee, found.Sealer.Kind).Should().Be((tee, sealing));
        found.Counter.Kind.Should().Be("none", "a TPM beside another TEE is its host's");
    }

    private async Task<Result<ProbedTee>> ProbeAsync(string tee, ITpmTransport? tpm = null)
    {
        var probe = new AttesterProbe(
            new ProbeOptions
            {
                Tee = tee,
                Tpm = tpm ?? new TpmDevice(_directory.File("tpm")),
                TsmPath = _directory.File("tsm"),
                LauncherSocket = _directory.File("launcher"),
                SnpDevice = _directory.File("sev-guest"),
                NsmDevice = _directory.File("nsm"),
                AzureMetadata = _metadata,
            },
            new BclCryptoBackend());
        _probes.Add(probe);
        return await probe.ProbeAsync(Token);
    }
}
