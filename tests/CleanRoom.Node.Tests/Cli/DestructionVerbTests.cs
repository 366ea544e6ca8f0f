using System.Collections.Immutable;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Node.Tests.Rooms;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Tests.Cli;

/// <summary><c>log destruction</c> over the files of a room that ended.</summary>
public sealed class DestructionVerbTests(EngineParts engine, CliScenes scenes) : IDisposable
{
    private readonly Machine _machine = new(engine);

    [Fact]
    public async Task Certificates_are_checked_and_described_without_a_network()
    {
        var (ledger, certificates) = await EndedAsync();
        using var user = await scenes.KeysAsync();
        Write(user, ledger, certificates);

        var shown = await user.ShowAsync("log", "destruction", user.File_("erased.json"), "--ledger", user.File_("log.json"), "--out", user.File_("kept.json"));

        shown["certificates"]!.AsArray().Should().ContainSingle().Which!["erased"]!.AsArray().Select(what => what!.ToString())
            .Should().Equal("keys-in-memory", "sealed-copy");
        shown["startsWithoutCertificate"]!.GetValue<int>().Should().Be(0);
        File.ReadAllBytes(user.File_("kept.json")).Should().Equal(DestructionQuestion.Write(certificates));
    }

    [Fact]
    public async Task Last_vote_to_terminate_says_what_is_still_to_be_done()
    {
        var (_, users) = await scenes.AgreedAsync();
        foreach (var user in users)
        {
            (await user.RunAsync("contract", "terminate", "--reason", "the study is over", "--passphrase-file", user.File_("passphrase"))).Should().Be(0, user.Messages);
            user.Output.Contains("log destruction", StringComparison.Ordinal).Should().Be(user == users[^1], user.Output);
        }
    }

    [Fact]
    public async Task Certificates_that_do_not_hold_or_are_none_are_refused()
    {
        var (ledger, certificates) = await EndedAsync();
        using var user = await scenes.KeysAsync();
        var later = certificates[0].Destruction with { Time = certificates[0].Destruction.Time.Plus(TimeSpan.FromSeconds(1)) };

        Write(user, ledger, [certificates[0] with { Destruction = later }]);
        (await RunAsync(user)).Should().Be(2);
        user.Messages.Should().Contain("binding-mismatch");

        Write(user, ledger, []);
        (await RunAsync(user)).Should().NotBe(0);
        user.Messages.Should().Contain("none at this node");

        await File.WriteAllTextAsync(user.File_("erased.json"), "{}", TestContext.Current.CancellationToken);
        (await RunAsync(user)).Should().NotBe(0);
        user.Messages.Should().Contain("erased.json");
    }

    public void Dispose() => _machine.Dispose();

    private static Task<int> RunAsync(CliUser user) => user.RunAsync("log", "destruction", user.File_("erased.json"), "--ledger", user.File_("log.json"));

    private static void Write(CliUser user, LedgerMirror ledger, ImmutableArray<DestructionCertificate> certificates)
    {
        File.WriteAllBytes(user.File_("log.json"), LedgerExport.Of(ledger));
        File.WriteAllBytes(user.File_("erased.json"), DestructionQuestion.Write(certificates));
    }

    private async Task<(LedgerMirror Ledger, ImmutableArray<DestructionCertificate> Certificates)> EndedAsync()
    {
        using var node = await _machine.StartAsync();
        var (room, ledger) = await DestructionTests.EndAsync(node);
        return (ledger, await DestructionTests.CertificatesAsync(node, room));
    }
}
