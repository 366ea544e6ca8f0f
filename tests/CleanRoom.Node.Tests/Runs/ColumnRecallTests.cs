using CleanRoom.Engine.Memory;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>Who is told that something was taken back, and how often. Spec: contracts/spec/0010 s.6.1.</summary>
public sealed class ColumnRecallTests(EngineParts engine) : IDisposable
{
    private const string Room = "room";

    private readonly Machine _machine = new(engine);
    private readonly AnonymousFilePool _pool = new(1 << 20);

    [Fact]
    public async Task Silo_that_is_cut_off_is_told_again_until_it_has_heard()
    {
        using var silo = await _machine.StartPeerAsync("one");
        using var near = await _machine.StartPeerAsync("two");
        using var far = await _machine.StartPeerAsync("three");
        silo.Peers.Meet(near.Holder);
        silo.Peers.Meet(far.Holder);
        var (own, nears, fars) = (silo.Kept.Leave(_pool, Room), near.Kept.Leave(_pool, Room), far.Kept.Leave(_pool, Room));
        var recall = new ColumnRecall(Room, silo.Kept, silo.Peers);
        far.Holder.IsCutOff = true;

        await recall.FollowAsync(CollaborationState.Empty, Protocol.Timestamp.From(_machine.Time.GetUtcNow()));
        await recall.TellAgainAsync();

        own.IsZeroed().Should().BeTrue();
        nears.IsZeroed().Should().BeTrue();
        fars.IsZeroed().Should().BeFalse("it is cut off");
        far.Holder.IsCutOff = false;
        await recall.TellAgainAsync();
        fars.IsZeroed().Should().BeTrue();
        var told = far.Holder.Told;
        await recall.TellAgainAsync();
        far.Holder.Told.Should().Be(told, "all have heard");
    }

    public void Dispose()
    {
        _pool.Dispose();
        _machine.Dispose();
    }
}
