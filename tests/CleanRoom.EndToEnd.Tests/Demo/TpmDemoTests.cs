using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.EndToEnd.Tests.Demo;

/// <summary><c>cleanroom demo --tee tpm</c>: attested by quotes of a TPM, which is software here and says so.</summary>
[SupportedOSPlatform("linux")]
public sealed class TpmDemoTests
{
    [Fact]
    public async Task Demo_on_a_tpm_releases_keys_for_the_expected_pcrs_and_ends_with_a_receipt_that_holds()
    {
        Require();
        var run = await CleanRoomProgram.RunAsync("demo", "--tee", "tpm", "--json");

        run.ExitCode.Should().Be(0, run.Error);
        var facts = JsonNode.Parse(run.Output)!["steps"]!.AsArray().Select(step => step!["facts"]!).ToList();
        facts.Single(step => step["tee"] is not null)["tee"]!.GetValue<string>().Should().Be("tpm");
        facts.Should().Contain(step => step["rows"] != null);
        var receipt = facts.Single(step => step["receipt"] is not null)["receipt"]!.GetValue<string>();
        try
        {
            var verified = await CleanRoomProgram.RunAsync("receipt", "verify", receipt, "--json");
            verified.ExitCode.Should().Be(0, verified.Error);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(receipt)!, recursive: true);
        }
    }

    [Fact]
    public async Task Demo_on_a_tpm_with_an_extended_pcr_is_refused_in_words_and_says_what_a_software_tpm_is_worth()
    {
        Require();
        var run = await CleanRoomProgram.RunAsync("demo", "--tee", "tpm", "--tamper", "tee");

        run.ExitCode.Should().Be(5);
        run.Output.Should().Contain("INSECURE: the TPM is SOFTWARE").And.Contain("TAMPER: ");
        run.Error.Should().Contain("evidence-not-accepted: wanted measurement").And.Contain("evidence-not-accepted: wanted sha256Pcr11");
        run.Output.Should().NotContain("All have signed");
    }

    private static void Require() => Assert.SkipWhen(
        SwTpm.Missing is not null && Environment.GetEnvironmentVariable("CI") != "true", SwTpm.Missing ?? string.Empty);
}
