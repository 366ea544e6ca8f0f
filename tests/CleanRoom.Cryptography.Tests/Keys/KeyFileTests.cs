using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Keys;

public sealed class KeyFileTests
{
    [Fact]
    public async Task OpenMemberAsync_worked_file_gives_its_keys()
    {
        var vector = Vectors.Own("key-file.json");
        using var passphrase = Passphrase(vector["passphrase"]);
        var file = Parse(vector["member"]!).Value;

        using var secrets = (await file.OpenMemberAsync(TestKeys.Backend, passphrase, TestKeys.Cancel)).Value;
        using var keys = await MemberKeys.ImportAsync(TestKeys.Backend, secrets, TestKeys.Cancel);

        secrets.Sign.Span.ToArray().Should().Equal(vector["sign"].Hex());
        secrets.Receive.Span.ToArray().Should().Equal(vector["receive"].Hex());
        secrets.Witness.Span.ToArray().Should().Equal(vector["witness"].Hex());
        keys.Sign.PublicKey.Should().Be(file.SignPublicKey);
        keys.Receive.PublicKey.Should().Be(file.ReceivePublicKey!.Value);
        keys.Witness.PublicKey.Should().Be(file.WitnessPublicKey!.Value);
    }

    [Fact]
    public async Task OpenRootAsync_worked_file_gives_its_key()
    {
        var vector = Vectors.Own("key-file.json");
        using var passphrase = Passphrase(vector["passphrase"]);
        var file = Parse(vector["root"]!).Value;

        using var root = (await file.OpenRootAsync(TestKeys.Backend, passphrase, TestKeys.Cancel)).Value;

        root.Span.ToArray().Should().Equal(vector["sign"].Hex());
        file.ReceivePublicKey.Should().BeNull();
    }

    [Fact]
    public async Task OpenMemberAsync_worked_failures_are_refused()
    {
        var vector = Vectors.Own("key-file.json");
        foreach (var test in vector["invalid"].Items())
        {
            using var passphrase = Passphrase(test["passphrase"]);
            var parsed = Parse(test["file"]!);
            var refusals = parsed.TryGet(out var file, out var early)
                ? (await file.OpenMemberAsync(TestKeys.Backend, passphrase, TestKeys.Cancel)).Refusals
                : early;

            refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task SealMemberAsync_opens_again_and_shows_no_secret()
    {
        using var secrets = MemberSecrets.Generate();
        using var passphrase = SecretBytes.CopyOf("open sesame"u8);

        var bytes = await KeyFile.SealMemberAsync(TestKeys.Backend, secrets, passphrase, TestKeys.Cancel);
        using var opened = (await KeyFile.Parse(bytes).Value.OpenMemberAsync(TestKeys.Backend, passphrase, TestKeys.Cancel)).Value;

        opened.Sign.FixedTimeEquals(secrets.Sign.Span).Should().BeTrue();
        opened.Receive.FixedTimeEquals(secrets.Receive.Span).Should().BeTrue();
        opened.Witness.FixedTimeEquals(secrets.Witness.Span).Should().BeTrue();
        var text = Encoding.UTF8.GetString(bytes);
        foreach (var secret in new[] { secrets.Sign, secrets.Receive, secrets.Witness, passphrase })
        {
            text.Should().NotContain(Convert.ToBase64String(secret.Span)).And.NotContain(Convert.ToHexStringLower(secret.Span));
        }

        $"{secrets} {opened}".Should().Be("[redacted] [redacted]");
    }

    [Fact]
    public async Task SealRootAsync_twice_gives_different_files_that_open()
    {
        using var root = CleanRoom.Cryptography.Curves.P256PrivateKey.Generate();
        using var passphrase = SecretBytes.CopyOf("open sesame"u8);

        var first = await KeyFile.SealRootAsync(TestKeys.Backend, root, passphrase, TestKeys.Cancel);
        var second = await KeyFile.SealRootAsync(TestKeys.Backend, root, passphrase, TestKeys.Cancel);
        using var opened = (await KeyFile.Parse(second).Value.OpenRootAsync(TestKeys.Backend, passphrase, TestKeys.Cancel)).Value;

        first.Should().NotEqual(second);
        opened.FixedTimeEquals(root.Span).Should().BeTrue();
    }

    [Fact]
    public void Parse_file_that_a_person_indented_is_read()
    {
        var indented = Vectors.Own("key-file.json")["member"]!.ToJsonString(new() { WriteIndented = true });

        KeyFile.Parse(Encoding.UTF8.GetBytes(indented)).IsAccepted.Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"type\":\"cleanroom/v1/key-file\"")]
    public void Parse_anything_else_is_refused(string text) =>
        KeyFile.Parse(Encoding.UTF8.GetBytes(text)).IsAccepted.Should().BeFalse();

    [Fact]
    public void Parse_longer_than_the_limit_is_refused() =>
        KeyFile.Parse(new byte[KeyFile.MaxBytes + 1]).IsAccepted.Should().BeFalse();

    private static Result<KeyFile> Parse(JsonNode file) => KeyFile.Parse(Encoding.UTF8.GetBytes(file.ToJsonString()));

    private static SecretBytes Passphrase(JsonNode? node) => SecretBytes.Take(Encoding.UTF8.GetBytes(node.Text()));
}
