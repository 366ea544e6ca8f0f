using CleanRoom.Grains.Admission;
using CleanRoom.Node.Admission;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Sessions;
using CleanRoom.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Admission;

/// <summary>What a whole cluster takes on of a member and a room, whichever gateways the requests come to.</summary>
public sealed class RequestSharesTests
{
    private static readonly ShareLimits _limits = new(OfMember: 5, OfRoom: 8);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Take_grants_four_seconds_worth_at_once_then_as_time_goes_on()
    {
        var shares = new RequestShares(_time);

        shares.Take("registry/ada", 15, _limits).Granted.Should().Be(15);
        shares.Take("registry/ada", 15, _limits).Granted.Should().Be(5, "what is left is granted");
        var refused = shares.Take("registry/ada", 1, _limits);
        refused.Should().Be(new ShareGrant(0, TimeSpan.FromMilliseconds(200)));
        _time.Advance(refused.RetryAfter - TimeSpan.FromMilliseconds(1));
        shares.Take("registry/ada", 1, _limits).Should().Be(new ShareGrant(0, TimeSpan.FromMilliseconds(1)));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        shares.Take("registry/ada", 3, _limits).Granted.Should().Be(1);
        _time.Advance(TimeSpan.FromDays(30));
        shares.Take("registry/ada", 100, _limits).Granted.Should().Be(20, "more than four seconds' worth is never saved up");
    }

    [Fact]
    public void Take_all_members_together_have_the_rooms_share()
    {
        var shares = new RequestShares(_time);

        shares.Take("registry/ada", 20, _limits).Granted.Should().Be(20);
        shares.Take("hospital/hal", 20, _limits).Granted.Should().Be(12, "the room has 32");
        shares.Take("laboratory/lea", 1, _limits).Should().Be(new ShareGrant(0, TimeSpan.FromMilliseconds(125)));
        _time.Advance(TimeSpan.FromSeconds(1));
        shares.Take("laboratory/lea", 20, _limits).Granted.Should().Be(8);
    }

    [Fact]
    public void Take_often_loses_nothing_of_the_time_between()
    {
        var shares = new RequestShares(_time);
        shares.Take("registry/ada", 20, _limits).Granted.Should().Be(20);
        var granted = 0;
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1.9));
            granted += shares.Take("registry/ada", 1, _limits).Granted;
        }

        granted.Should().Be(9, "1.9 seconds at five a second");
    }

    [Fact]
    public void Take_members_that_are_forgotten_have_lost_nothing()
    {
        var shares = new RequestShares(_time);
        var wide = new ShareLimits(1, 1_000_000);
        shares.Take("registry/ada", 4, wide).Granted.Should().Be(4);
        for (var i = 0; i < 3_000; i++)
        {
            shares.Take($"registry/m{i}", 1, wide).Granted.Should().Be(1);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        shares.Take("registry/ada", 9, wide).Granted.Should().Be(3, "three seconds have gone by");
        shares.Take("registry/m0", 9, wide).Granted.Should().Be(4, "it was whole again");
    }

    [Fact]
    public async Task Two_gateways_together_take_on_what_one_would()
    {
        var options = new AdmissionOptions { RequestsPerSecond = 50, RoomRequestsPerSecond = 60 };
        var grain = new AdmissionStub(_time);
        using var one = Gateway(options, grain);
        using var two = Gateway(options, grain);
        var (ada, hal) = (new Session("room", "registry", "ada", default, DateTimeOffset.MaxValue), new Session("room", "hospital", "hal", default, DateTimeOffset.MaxValue));

        var ofAda = await CountAsync([one, two], ada, 500);
        var ofHal = await CountAsync([one, two], hal, 500);

        ofAda.Should().Be(200, "four seconds' worth, over both");
        ofHal.Should().Be(40, "the room has 240");
        using var refused = await one.RequestAsync(hal);
        refused.Refusal!.Code.Should().Be(RefusalCode.TooManyRequests);
        refused.RetryAfter.Should().Be(1);
        grain.Calls.Should().BeLessThan(2 * ((ofAda + ofHal) / 5) + 1_000, "most requests that are taken on ask nobody");
    }

    [Fact]
    public async Task Requests_taken_in_advance_and_not_used_in_a_second_are_lost()
    {
        var options = new AdmissionOptions { RequestsPerSecond = 50, RoomRequestsPerSecond = 1_000 };
        var grain = new AdmissionStub(_time);
        using var gateway = Gateway(options, grain);
        var ada = new Session("room", "registry", "ada", default, DateTimeOffset.MaxValue);

        (await CountAsync([gateway], ada, 1)).Should().Be(1);
        (await CountAsync([gateway], ada, 4)).Should().Be(4);
        grain.Calls.Should().Be(1, "five were taken in advance");
        (await CountAsync([gateway], ada, 1)).Should().Be(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        (await CountAsync([gateway], ada, 1)).Should().Be(1);
        grain.Calls.Should().Be(3);
    }

    private AdmissionControl Gateway(AdmissionOptions options, AdmissionStub grain) =>
        new(new AdmissionOptions { RequestsPerSecond = 10_000, RoomRequestsPerSecond = 10_000 }, _time, new ClusterShares(_ => grain, options, _time));

    private static async Task<int> CountAsync(AdmissionControl[] gateways, Session session, int requests)
    {
        var taken = 0;
        for (var i = 0; i < requests; i++)
        {
            using var admitted = await gateways[i % gateways.Length].RequestAsync(session);
            taken += admitted.Refusal is null ? 1 : 0;
        }

        return taken;
    }

    /// <summary>The grain without a silo.</summary>
    private sealed class AdmissionStub(TimeProvider time) : IAdmissionGrain
    {
        private readonly RequestShares _shares = new(time);

        public int Calls { get; private set; }

        public Task<ShareGrant> TakeAsync(string member, int wanted, ShareLimits limits)
        {
            Calls++;
            return Task.FromResult(_shares.Take(member, wanted, limits));
        }
    }
}
