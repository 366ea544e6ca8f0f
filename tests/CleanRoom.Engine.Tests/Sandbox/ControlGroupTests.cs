using System.Globalization;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Sandbox.ControlGroups;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Engine.Tests.Sandbox;

/// <summary>Control groups of engines: found in trees of both versions, and on this machine where it has one to divide. Spec: contracts/spec/0012 s.2.4.</summary>
public sealed class ControlGroupTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_version1_isBelowTheNodesOwn()
    {
        Directory.CreateDirectory(_root.File("memory/node"));
        Directory.CreateDirectory(_root.File("pids"));

        var home = ControlGroupHome.Of(_root.Path, ["4:memory:/node", "8:pids:/", "0::/"])!;

        home.IsVersion2.Should().BeFalse();
        home.FoldersOf("x").Should().Equal(_root.File("memory/node/x"), _root.File("pids/x"));
    }

    [Fact]
    public void Of_version1WithBothInOneTree_isOneFolder()
    {
        Directory.CreateDirectory(_root.File("memory"));
        Directory.CreateDirectory(_root.File("pids"));

        ControlGroupHome.Of(_root.Path, ["2:memory,pids:/", "0::/"])!.FoldersOf("x").Should().Equal(_root.File("memory/x"), _root.File("pids/x"));
    }

    [Theory]
    [InlineData("cpu memory pids\n", true)]
    [InlineData("memory\n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Of_version2_isBesideTheNodesOwnWhereTheParentDividesBoth(string? divided, bool isHome)
    {
        Directory.CreateDirectory(_root.File("system.slice/cleanroom.service/node"));
        if (divided is not null)
        {
            File.WriteAllText(_root.File("system.slice/cleanroom.service/cgroup.subtree_control"), divided);
        }

        var home = ControlGroupHome.Of(_root.Path, ["0::/system.slice/cleanroom.service/node"]);

        (home is { IsVersion2: true }).Should().Be(isHome);
        home?.FoldersOf("x").Should().Equal(_root.File("system.slice/cleanroom.service/x"));
    }

    [Theory]
    [InlineData("0::/")]
    [InlineData("4:memory:/elsewhere", "8:pids:/elsewhere")]
    [InlineData("4:memory:/")]
    [InlineData("nonsense")]
    public void Of_whatIsNotTheNodesToDivide_isNone(params string[] own) => ControlGroupHome.Of(_root.Path, own).Should().BeNull();

    [Fact]
    public async Task Engine_isInAGroupOfItsOwn_limitedBeforeItReads_removedWithIt()
    {
        Assert.SkipWhen(ControlGroupHome.Find(out var why) is null, why);
        using var host = new EngineHost(new EngineOptions(), TimeProvider.System);
        var engine = await host.StartAsync(Cancellation);
        engine.Report.IsActive(SandboxLayer.ControlGroup).Should().BeTrue();
        var groups = GroupsOf(engine.Id);
        groups.Should().NotBeEmpty().And.OnlyContain(group => group.Contains($"cleanroom-engine-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-", StringComparison.Ordinal));
        Limits(groups, "pids.max").Should().Equal(ControlGroup.MaxThreads.ToString(CultureInfo.InvariantCulture));
        engine.LimitMemory(1 << 30);
        Limits(groups, "memory.limit_in_bytes", "memory.max").Should().Equal((1 << 30).ToString(CultureInfo.InvariantCulture));

        await engine.DisposeAsync();

        Folders(groups).Should().BeEmpty("a group goes with its engine");
    }

    /// <summary>Memory that RLIMIT_DATA does not count, before the node's own look at it.</summary>
    [Fact]
    public async Task Engine_thatTakesMoreMemoryThanItsGroupHas_isKilledByTheKernel()
    {
        Assert.SkipWhen(ControlGroupHome.Find(out var why) is null, why);
        using var host = new EngineHost(TakenOverEngineTests.Options("held"), TimeProvider.System);
        await using var engine = await host.StartAsync(Cancellation);
        engine.LimitMemory(256 << 20);

        await TakenOverEngineTests.OrderAsync(engine, $"share-memory {(1 << 30).ToString(CultureInfo.InvariantCulture)}");

        var answer = () => engine.ReceiveAsync(maxAnswerBytes: 1_024, Cancellation);
        (await answer.Should().ThrowAsync<EngineChannelException>()).WithMessage("*exit code 137*");
        engine.HasWantedTooMuchMemory.Should().BeTrue();
    }

    public void Dispose() => _root.Dispose();

    private static List<string> GroupsOf(int process) => [.. File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/cgroup")
        .Where(line => line.Split(':')[1] is "memory" or "pids" or "").Select(line => line.Split(':', 3)[2]).Where(group => group.Length > 1).Distinct()];

    private static IEnumerable<string> Folders(List<string> groups) => groups.SelectMany(group => new[] { "memory", "pids", string.Empty }.Select(tree => $"/sys/fs/cgroup/{tree}{group}")).Where(Directory.Exists);

    private static IEnumerable<string> Limits(List<string> groups, params string[] files) =>
        Folders(groups).SelectMany(folder => files.Select(file => Path.Combine(folder, file))).Where(File.Exists).Select(file => File.ReadAllText(file).Trim());
}
