using System.Runtime.Versioning;
using CleanRoom.Cli.Machines;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Node.Configuration;
using CleanRoom.Protocol;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Cli;

/// <summary>Which TEE a configuration gives a node.</summary>
[SupportedOSPlatform("linux")]
public sealed class MachineTeeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("simulated")]
    public async Task Simulated_tee_is_taken_by_name_or_where_nothing_is_said_and_warns(string? tee)
    {
        using var machine = (await OpenAsync(new NodeOptions { DataDirectory = _directory.Path, Tee = tee })).Value;

        machine.Trust.Attester.Tee.Should().Be("simulated");
        machine.Words.Should().Equal(NodeMachine.InsecureWarning);
        (await machine.Trust.Counter.CountFreeAsync(Token)).Refusals[0].Got.Should().Contain("simulated");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("tpm")]
    public async Task Real_tee_attests_and_seals(string tee)
    {
        await using var tpm = await StartTpmAsync();
        var options = new NodeOptions { DataDirectory = _directory.Path, Tee = tee, Tpm = new TpmOptions { Endpoint = tpm.Endpoint.Name, Pcrs = [7] } };

        using var machine = (await OpenAsync(options)).Value;
        using var secret = SecretBytes.Random(32);
        var sealedSecret = await machine.Trust.Sealer.SealAsync(secret, default, Token);
        using var opened = (await machine.Trust.Sealer.UnsealAsync(sealedSecret.Memory, default, Token)).Value;

        opened.FixedTimeEquals(secret.Span).Should().BeTrue();
        (await machine.Trust.Attester.AttestAsync(new byte[64], Token)).Evidence.Length.Should().BePositive();
        (await machine.Trust.Counter.CountFreeAsync(Token)).Value.Should().BePositive();
        machine.Words.Last().Should().Be("the TEE is tpm, secrets are sealed by tpm-pcr-policy");
    }

    [Theory]
    [InlineData("tpm")]
    [InlineData("amd-sev-snp")]
    [InlineData("no-such-tee")]
    public async Task Absent_tee_is_refused_and_nothing_stands_in_for_it(string tee)
    {
        var options = new NodeOptions { DataDirectory = _directory.Path, Tee = tee, Tpm = new TpmOptions { Endpoint = "127.0.0.1:1" } };

        (await OpenAsync(options)).Refusals.Should().NotBeEmpty().And.OnlyContain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public async Task Absent_issuer_is_refused()
    {
        var options = new NodeOptions { DataDirectory = _directory.Path, Tee = "tpm", Tpm = new TpmOptions { Issuers = [_directory.File("none")] } };

        (await OpenAsync(options)).Refusals.Single().Wanted.Should().Be("tpm.issuers: a file");
    }

    [Theory]
    [InlineData("""{"tee":""}""", "tee")]
    [InlineData("""{"tpm":{"endpoint":"here"}}""", "tpm.endpoint")]
    [InlineData("""{"tpm":{"endpoint":"here:0"}}""", "tpm.endpoint")]
    [InlineData("""{"tpm":{"endpoint":":1"}}""", "tpm.endpoint")]
    [InlineData("""{"tpm":{"pcrs":[]}}""", "tpm.pcrs")]
    [InlineData("""{"tpm":{"pcrs":[1,1]}}""", "tpm.pcrs")]
    [InlineData("""{"tpm":{"pcrs":[24]}}""", "tpm.pcrs")]
    [InlineData("""{"tpm":{"pcrs":[-1]}}""", "tpm.pcrs")]
    public async Task Configuration_of_another_form_is_refused(string json, string member)
    {
        await File.WriteAllTextAsync(_directory.File("node.json"), json, Token);

        NodeOptionsFile.Read(_directory.File("node.json")).Refusals.Single().Wanted.Should().StartWith(member + ":");
    }

    [Fact]
    public async Task Configuration_of_the_right_form_is_read()
    {
        await File.WriteAllTextAsync(_directory.File("node.json"), """{"tee":"tpm","tpm":{"endpoint":"here:2321","pcrs":[0,7],"issuers":["a"]}}""", Token);

        var options = NodeOptionsFile.Read(_directory.File("node.json")).Value;

        options.Tee.Should().Be("tpm");
        TpmOptions.ParseEndpoint(options.Tpm.Endpoint!).Should().Be(("here", 2321));
        options.Tpm.Pcrs.Should().Equal(0, 7);
        options.Tpm.Issuers.Should().Equal("a");
    }

    private static async Task<SwTpm> StartTpmAsync()
    {
        if (SwTpm.Missing is { } reason && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(reason);
        }

        return await SwTpm.StartAsync(Token);
    }

    private static Task<Result<MachineTee>> OpenAsync(NodeOptions options) => MachineTee.OpenAsync(options, new BclCryptoBackend(), Token);
}
