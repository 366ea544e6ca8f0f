using System.Collections.Immutable;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.Cli.Commands.Log;
using CleanRoom.Cli.Machines;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Results;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Support;

/// <summary>Plays the demo's story against a node in another process.</summary>
internal static class StoryStage
{
    /// <summary>Longer than a demo's: a cluster that comes back on a busy machine is waited for, and what a test says does not hang on how fast that is.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(8);

    public static readonly DirectoryInfo Nafld = new(RepositoryFiles.Committed("contracts", "examples", "nafld"));

    /// <summary>Plays it to its end, against one node.</summary>
    public static Task<(CollaborationState State, IReadOnlyList<ArrowTable> Answers)> PlayAsync(NodeProcess node, string address, Func<StoryMoment, Task> at) =>
        PlayAsync(node.Build, address, at, node.Data);

    /// <summary>Plays it to its end, with one build.</summary>
    public static Task<(CollaborationState State, IReadOnlyList<ArrowTable> Answers)> PlayAsync(
        string build, string address, Func<StoryMoment, Task> at, DirectoryInfo operatorSees) => PlayAsync([build], address, at, operatorSees);

    /// <summary>Plays it to its end.</summary>
    /// <param name="builds">What runs there, as it says itself: the contract accepts each.</param>
    /// <param name="address">Where the clients reach it: the node's own address, or something on the way.</param>
    /// <param name="at">What happens at a moment.</param>
    /// <param name="operatorSees">What the operator's view is of.</param>
    /// <returns>The ledger's state at the end, and the answers.</returns>
    public static async Task<(CollaborationState State, IReadOnlyList<ArrowTable> Answers)> PlayAsync(
        ImmutableArray<string> builds, string address, Func<StoryMoment, Task> at, DirectoryInfo operatorSees)
    {
        var backend = new BclCryptoBackend();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var narrator = new QuietNarrator();
        using var receipts = new TemporaryDirectory();
        var trust = NodeMachine.Open(receipts.Path, backend, builds[0]).Value;
        var services = new ClientServices(backend, http, TimeProvider.System, [.. trust.Verifiers]) { Patience = _patience };
        var mirror = await new DemoStory(new StorySetting
        {
            Services = services,
            Address = RoomAddress.Parse(address).Value,
            Data = DemoData.Open(Nafld).Value,
            Accepted = [.. builds.Select(NodeMachine.Accepted)],
            Narrator = narrator,
            Tamper = TamperKind.None,
            OperatorDirectory = operatorSees,
            Receipt = new FileInfo(receipts.File("answer.receipt")),
            At = at,
        }).PlayAsync(TestContext.Current.CancellationToken);
        return (Audit(mirror, services, new FileInfo(receipts.File("ledger.json"))), narrator.Tables);
    }

    /// <summary>As <c>log audit --out</c> and then <c>log audit</c> of the file, on another machine: from row 0, by somebody who saw none of it.</summary>
    private static CollaborationState Audit(LedgerMirror mirror, ClientServices services, FileInfo file)
    {
        File.WriteAllBytes(file.FullName, LedgerExport.Of(mirror));
        var audited = LedgerFile.Read(file).Then(log => log.Fold(services.Fold, [])).Value.State;
        audited.Log.Root.Should().Be(mirror.State.Log.Root);
        return audited;
    }
}
