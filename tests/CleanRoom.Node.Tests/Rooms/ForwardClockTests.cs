using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Rooms;

/// <summary>A silo whose clock is ahead of the others' stamps nothing, so that the room can be written to when the clock is right again. Spec: contracts/spec/0005 s.9.</summary>
public sealed class ForwardClockTests(EngineParts engine) : IDisposable
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private readonly Machine _machine = new(engine);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_clock_set_forward_stamps_nothing_and_the_room_goes_on_when_it_is_right_again()
    {
        var clock = new WrongClock(_machine.Time);
        using var silo = await _machine.StartPeerAsync("one", clock: clock);
        using var other = await _machine.StartPeerAsync("two");
        silo.Peers.Meet(other.Holder);
        var room = await silo.ActivateAsync();
        var newest = room.State.Log.LastTime;

        clock.Ahead = _hour;
        var refused = await room.AppendAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()), Stop);

        refused.Refusals[0].Code.Should().Be(RefusalCode.ClockWrong);
        refused.Refusals[0].Wanted.Should().Contain($"{newest}", "it names the other clock");
        room.State.Log.LastTime.Should().Be(newest);
        clock.Ahead = TimeSpan.Zero;
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));
    }

    [Fact]
    public async Task CreateAsync_clock_set_forward_founds_no_room()
    {
        var clock = new WrongClock(_machine.Time) { Ahead = _hour };
        using var silo = await _machine.StartPeerAsync("one", clock: clock);
        using var other = await _machine.StartPeerAsync("two");
        silo.Peers.Meet(other.Holder);

        (await silo.FoundAsync(Scene.Contract)).Refusals[0].Code.Should().Be(RefusalCode.ClockWrong);
    }

    [Fact]
    public async Task AppendAsync_one_clock_of_three_that_is_behind_stops_no_other()
    {
        using var silo = await _machine.StartPeerAsync("one");
        using var behind = await _machine.StartPeerAsync("two", clock: new WrongClock(_machine.Time) { Ahead = -_hour });
        using var right = await _machine.StartPeerAsync("three");
        silo.Peers.Meet(behind.Holder);
        silo.Peers.Meet(right.Holder);
        var room = await silo.ActivateAsync();
        _machine.Time.Advance(_hour);

        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));
    }

    /// <summary>By that clock its contract has not begun yet: final for a client, which would give up.</summary>
    [Fact]
    public async Task MayUpload_clock_that_is_behind_is_judged_by_the_newest_row_and_nothing_is_stamped()
    {
        var clock = new WrongClock(_machine.Time);
        using var silo = await _machine.StartPeerAsync("one", clock: clock);
        using var other = await _machine.StartPeerAsync("two");
        silo.Peers.Meet(other.Holder);
        var room = await silo.ActivateAsync();
        var begun = _machine.Time.GetUtcNow() - room.State.Active!.Contract.NotBefore.Value;
        clock.Ahead = -begun - _hour;

        room.MayUpload("registry", Scene.People).IsAccepted.Should().BeTrue();
        (await room.AppendAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()), Stop)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.ClockWrong);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(60, false)]
    public async Task AppendAsync_where_no_other_silo_answers_the_time_that_passed_has_to_account_for_the_clock(int minutesAhead, bool isTaken)
    {
        var clock = new WrongClock(_machine.Time);
        using var silo = await _machine.StartPeerAsync("one", clock: clock);
        using var other = await _machine.StartPeerAsync("two");
        silo.Peers.Meet(other.Holder);
        var room = await silo.ActivateAsync();
        other.Holder.IsCutOff = true;
        _machine.Time.Advance(TimeSpan.FromDays(2));

        clock.Ahead = TimeSpan.FromMinutes(minutesAhead);
        var appended = await room.AppendAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()), Stop);

        appended.Refusals.Select(refusal => refusal.Code).Should().Equal(isTaken ? [] : [RefusalCode.ClockWrong]);
    }

    /// <summary>Rows that follow each other closely ask nobody, but not for ever.</summary>
    [Fact]
    public async Task AppendAsync_clock_that_runs_ahead_in_small_steps_is_noticed()
    {
        var clock = new WrongClock(_machine.Time);
        using var silo = await _machine.StartPeerAsync("one", clock: clock);
        using var other = await _machine.StartPeerAsync("two");
        silo.Peers.Meet(other.Holder);
        var room = await silo.SupplyAsync();
        var refusals = new List<RefusalCode>();
        for (var minute = 1; minute <= 10; minute++)
        {
            _machine.Time.Advance(TimeSpan.FromMinutes(1));
            clock.Ahead += TimeSpan.FromMinutes(3);
            var envelope = TestPeople.Hana.Sign(room.Question($"question {minute}"));
            var appended = await room.AppendAsync(envelope, Stop);
            refusals.AddRange(appended.Refusals.Take(1).Select(refusal => refusal.Code));
        }

        refusals.Should().HaveCountGreaterThan(3).And.OnlyContain(code => code == RefusalCode.ClockWrong);
        (room.State.Log.LastTime.Value - _machine.Time.GetUtcNow()).Should().BeLessThan(TimeSpan.FromMinutes(15));
    }

    [Fact]
    public async Task ResultsPastRetentionAsync_clock_set_forward_forgets_no_answer()
    {
        var clock = new WrongClock(_machine.Time);
        using var silo = await _machine.StartPeerAsync("one", clock: clock);
        using var other = await _machine.StartPeerAsync("two");
        silo.Peers.Meet(other.Holder);
        var room = await silo.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        await new Runner(silo, room.State.Collaboration).EndAsync(query);
        var answered = (await silo.OpenAsync(room.State.Collaboration)).Value;
        var retention = TimeSpan.FromDays(answered.State.Active!.Contract.Output.RetentionDays + 1);

        clock.Ahead = retention;
        (await answered.ResultsPastRetentionAsync(_ => false, Stop)).Should().BeEmpty("the other silo's clock says that it is too early");

        clock.Ahead = TimeSpan.Zero;
        _machine.Time.Advance(retention);
        var past = await answered.ResultsPastRetentionAsync(_ => false, Stop);
        past.Should().ContainSingle().Which.Query.Should().Be(query);
        (await answered.ResultsPastRetentionAsync(name => name == past[0].ResultName, Stop)).Should().BeEmpty();
    }

    public void Dispose() => _machine.Dispose();
}
