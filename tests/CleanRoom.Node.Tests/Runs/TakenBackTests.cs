using CleanRoom.Engine.Memory;
using CleanRoom.Grains.Partitions;
using CleanRoom.Node.Tests.Api;
using CleanRoom.Node.Tests.Cli;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Node.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>What the ledger takes back is zeroed on a whole node, before whoever took it back is told so. Spec: contracts/spec/0010 s.6.1.</summary>
public sealed class TakenBackTests : IAsyncLifetime
{
    private readonly RunningNode _node = new();

    [Fact]
    public async Task Columns_in_clear_are_gone_when_a_suspension_is_acknowledged()
    {
        var world = await World.MakeAsync();
        using var registry = new CliUser(world) { Network = _node.Http };
        using var laboratory = new CliUser(world) { Network = _node.Http };
        using var hospital = new CliUser(world) { Network = _node.Http };
        var url = _node.Http.BaseAddress!.ToString();
        await StoryTests.AgreeAsync([registry, laboratory, hospital], url);
        var collaboration = (await registry.DoAsync("log", "audit", url))["collaboration"]!.ToString();
        using var pool = new AnonymousFilePool(1 << 20);
        var kept = _node.Node.Services.GetRequiredService<KeptColumns>();
        var (own, others) = (kept.Leave(pool, collaboration), kept.Leave(pool, "another room"));
        await laboratory.DoAsync("log", "audit", url);
        own.IsZeroed().Should().BeFalse("reading takes nothing back");

        await hospital.DoAsync("contract", "suspend", "--reason", "a look at it");

        own.IsZeroed().Should().BeTrue();
        others.IsZeroed().Should().BeFalse();
    }

    public ValueTask InitializeAsync() => _node.InitializeAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
