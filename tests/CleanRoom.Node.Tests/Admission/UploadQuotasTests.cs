using CleanRoom.Node.Admission;
using CleanRoom.Node.Configuration;
using CleanRoom.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Admission;

public sealed class UploadQuotasTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public void Add_beyond_an_uploads_bytes_is_refused_and_what_was_not_stored_does_not_count()
    {
        var quotas = new UploadQuotas(new AdmissionOptions { UploadBytes = 100 }, _time);
        quotas.Begin("room", "upload", In(TimeSpan.FromHours(1))).Should().BeNull();

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
        quotas.Begin("room", "first", In(TimeSpan.FromHours(1)));
        quotas.Begin("room", "second", In(TimeSpan.FromHours(2)));

        quotas.Begin("room", "third", In(TimeSpan.FromHours(3)))!.Code.Should().Be(RefusalCode.TooManyRequests);
        quotas.Begin("room", "second", In(TimeSpan.FromHours(3))).Should().BeNull("an upload that goes on is not another");
        quotas.Begin("another", "fourth", In(TimeSpan.FromHours(3))).Should().BeNull();
        _time.Advance(TimeSpan.FromHours(1));

        quotas.Begin("room", "third", In(TimeSpan.FromHours(3))).Should().BeNull();
        quotas.Add("first", 1)!.Code.Should().Be(RefusalCode.NotPermitted);
    }

    private Timestamp In(TimeSpan span) => Timestamp.From(_time.GetUtcNow() + span);
}
