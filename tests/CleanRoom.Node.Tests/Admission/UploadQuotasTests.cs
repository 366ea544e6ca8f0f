using CleanRoom.Grains.Messages;
using CleanRoom.Node.Admission;
using CleanRoom.Node.Configuration;
using CleanRoom.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Admission;

public sealed class UploadQuotasTests
{
    private static readonly RoomStorage _nothing = new(0, []);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public void Add_beyond_an_uploads_bytes_is_refused_and_what_was_not_stored_does_not_count()
    {
        var quotas = new UploadQuotas(new AdmissionOptions { UploadBytes = 100 }, _time);
        quotas.Begin("room", "upload", In(TimeSpan.FromHours(1)), _nothing).Should().BeNull();

        quotas.Add("upload", 60).Should().BeNull();
        quotas.Add("upload", 41)!.Code.Should().Be(RefusalCode.DocumentTooLarge);
        quotas.Add("upload", 40).Should().BeNull();
        quotas.Return("upload", 40);

        quotas.Add("upload", 40).Should().BeNull();
        quotas.Add("another", 1)!.Code.Should().Be(RefusalCode.NotPermitted);
    }

    [Fact]
    public void Begin_beyond_a_rooms_open_uploads_is_refused_until_one_expires()
    {
        var quotas = new UploadQuotas(new AdmissionOptions { UploadsOpen = 2 }, _time);
        quotas.Begin("room", "first", In(TimeSpan.FromHours(1)), _nothing);
        quotas.Begin("room", "second", In(TimeSpan.FromHours(2)), _nothing);

        quotas.Begin("room", "third", In(TimeSpan.FromHours(3)), _nothing)!.Code.Should().Be(RefusalCode.TooManyRequests);
        quotas.Begin("room", "second", In(TimeSpan.FromHours(3)), _nothing).Should().BeNull("an upload that goes on is not another");
        quotas.Begin("another", "fourth", In(TimeSpan.FromHours(3)), _nothing).Should().BeNull();
        _time.Advance(TimeSpan.FromHours(1));

        quotas.Begin("room", "third", In(TimeSpan.FromHours(3)), _nothing).Should().BeNull();
        quotas.Add("first", 1)!.Code.Should().Be(RefusalCode.NotPermitted);
    }

    [Fact]
    public void Add_beyond_a_rooms_bytes_is_refused_whatever_brings_them()
    {
        var quotas = new UploadQuotas(new AdmissionOptions { UploadBytes = 100, RoomBytes = 150 }, _time);
        quotas.Begin("room", "first", In(TimeSpan.FromHours(1)), new RoomStorage(60, ["before"])).Should().BeNull();
        quotas.Begin("room", "second", In(TimeSpan.FromHours(1)), new RoomStorage(60, ["before"])).Should().BeNull();
        quotas.Begin("another", "third", In(TimeSpan.FromHours(1)), _nothing).Should().BeNull();

        quotas.Add("first", 50).Should().BeNull();
        quotas.Add("second", 41)!.Wanted.Should().StartWith("at most 150 bytes kept for a room");
        quotas.Add("second", 40).Should().BeNull();
        quotas.Add("third", 100).Should().BeNull("another room has its own");

        // The first is in the ledger now, and counts there alone; withdrawing what was before makes room.
        quotas.Begin("room", "fourth", In(TimeSpan.FromHours(1)), new RoomStorage(110, ["before", "first"]))!.Code.Should().Be(RefusalCode.DocumentTooLarge);
        quotas.Begin("room", "fourth", In(TimeSpan.FromHours(1)), new RoomStorage(50, ["first"])).Should().BeNull();
        quotas.Add("fourth", 60).Should().BeNull();
        quotas.Add("fourth", 1)!.Got.Should().Be("151");
    }

    private Timestamp In(TimeSpan span) => Timestamp.From(_time.GetUtcNow() + span);
}
