using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>What a member's image does before the node starts, with a stand-in for curl that answers as each cloud is documented to.</summary>
[SupportedOSPlatform("linux")]
public sealed class ImageTests : IDisposable
{
    private const string Token = "token-of-this-machine";
    private const string Secret = "Host=db;Password=\"a\\b\"";

    private readonly TemporaryDirectory _folder = new();

    public static TheoryData<string, string> Clouds => new()
    {
        { "google", "projects/p/secrets/postgres" },
        { "azure", "https://vault.vault.azure.net/secrets/postgres" },
        { "aws", "arn:aws:secretsmanager:eu-west-1:1:secret:postgres" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Clouds))]
    public void Document_becomes_a_configuration_and_secrets_that_the_machine_fetched(string cloud, string secret)
    {
        var ran = Configure(cloud, Document("silo", "postgres", secret));

        ran.Should().Be((0, ""));
        JsonNode.Parse(File.ReadAllText(_folder.File("cleanroom/node.json")))!.ToJsonString().Should().Be("""{"tee":"auto"}""");
        File.ReadAllText(_folder.File("cleanroom/role")).Should().Be("silo\n");
        File.ReadAllText(_folder.File("cleanroom-secrets/postgres")).Should().Be(Secret);
        File.GetUnixFileMode(_folder.File("cleanroom-secrets/postgres")).Should().Be(UnixFileMode.UserRead);
        File.GetUnixFileMode(_folder.File("cleanroom-secrets")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [MemberData(nameof(Clouds))]
    public void Token_is_sent_and_is_in_no_argument(string cloud, string secret)
    {
        Configure(cloud, Document("gateway", "postgres", secret)).Code.Should().Be(0);

        File.ReadAllText(_folder.File("arguments")).Should().NotContain(Token);
        File.ReadAllText(_folder.File("inputs")).Should().Contain(Token);
    }

    [Theory]
    [InlineData("all", "postgres", "projects/p/secrets/postgres", "the role silo or gateway")]
    [InlineData("silo", "../node.json", "projects/p/secrets/postgres", "a file's name")]
    [InlineData("silo; reboot", "postgres", "projects/p/secrets/postgres", "the role silo or gateway")]
    public void Document_of_another_form_starts_nothing(string role, string file, string secret, string wanted)
    {
        var (code, text) = Configure("google", Document(role, file, secret));

        code.Should().NotBe(0);
        text.Should().Contain($"wanted {wanted}");
    }

    [Fact]
    public void Secret_of_another_host_gets_no_token()
    {
        Configure("azure", Document("silo", "postgres", "https://vault.example/secrets/postgres")).Code.Should().NotBe(0);

        File.ReadAllText(_folder.File("arguments")).Should().NotContain("vault.example");
    }

    [Fact]
    public void Unit_runs_what_the_image_has_as_an_unprivileged_user()
    {
        var unit = Repository.Read("infra/confidential-vm/image/cleanroom-node.service").Split('\n');

        unit.Should().Contain("User=cleanroom").And.Contain("ExecStartPre=/usr/libexec/cleanroom-configure CLOUD").And.Contain("NoNewPrivileges=yes").And.Contain("LimitCORE=0");
        unit.Should().ContainSingle(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))
            .Which.Should().Contain("serve --role").And.Contain("--config /run/cleanroom/node.json");
    }

    private static string Document(string role, string file, string secret) =>
        new JsonObject { ["role"] = role, ["node"] = new JsonObject { ["tee"] = "auto" }, ["secrets"] = new JsonObject { [file] = secret } }.ToJsonString();

    private (int Code, string Text) Configure(string cloud, string document)
    {
        var hasJq = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "jq")));
        Assert.SkipWhen(!hasJq && Environment.GetEnvironmentVariable("CI") != "true", "jq is not installed (apt-get install jq)");
        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        var answers = new Dictionary<string, string>
        {
            ["http://metadata.google.internal/computeMetadata/v1/instance/attributes/cleanroom"] = document,
            ["http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"] = $$"""{"access_token":"{{Token}}"}""",
            ["https://secretmanager.googleapis.com/v1/projects/p/secrets/postgres/versions/latest:access"] = $$$"""{"payload":{"data":"{{{Base64(Secret)}}}"}}""",
            ["http://169.254.169.254/metadata/instance/compute/userData?api-version=2021-01-01&format=text"] = Base64(document),
            ["http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"] = $$"""{"access_token":"{{Token}}"}""",
            ["https://vault.vault.azure.net/secrets/postgres?api-version=7.4"] = new JsonObject { ["value"] = Secret }.ToJsonString(),
            ["http://169.254.169.254/latest/api/token"] = "session",
            ["http://169.254.169.254/latest/user-data"] = document,
            ["http://169.254.169.254/latest/meta-data/placement/region"] = "eu-west-1",
            ["http://169.254.169.254/latest/meta-data/iam/security-credentials/"] = "role",
            ["http://169.254.169.254/latest/meta-data/iam/security-credentials/role"] = $$"""{"AccessKeyId":"id","SecretAccessKey":"key","Token":"{{Token}}"}""",
            ["https://secretsmanager.eu-west-1.amazonaws.com/"] = new JsonObject { ["SecretString"] = Secret }.ToJsonString(),
        };
        var number = 0;
        var cases = new StringBuilder();
        foreach (var (address, answer) in answers)
        {
            File.WriteAllText(_folder.File($"answer-{++number}"), answer);
            cases.Append(System.Globalization.CultureInfo.InvariantCulture, $"  '{address}') cat '{_folder.File($"answer-{number}")}' ;;\n");
        }

        Directory.CreateDirectory(_folder.File("bin"));
        var curl = _folder.File("bin/curl");
        File.WriteAllText(curl, $$"""
            #!/usr/bin/env bash
            printf '%s\n' "$@" >> '{{_folder.File("arguments")}}'
            for word in "$@"; do
              case $word in http*) address=$word ;; @- | -) cat >> '{{_folder.File("inputs")}}' ;; esac
            done
            case $address in
            {{cases}}  *) exit 22 ;;
            esac

            """);
        File.SetUnixFileMode(curl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var process = Process.Start(new ProcessStartInfo("bash", [RepositoryFiles.Committed("infra/confidential-vm/image/cleanroom-configure"), cloud, _folder.Path])
        {
            RedirectStandardError = true,
            Environment = { ["PATH"] = $"{_folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}" },
        })!;
        var text = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text);
    }
}
