using CleanRoom.Attesters.Devices;

namespace CleanRoom.Attesters.Tests.Devices;

/// <summary>The real call, on devices that every Linux has.</summary>
public class LinuxDeviceTests
{
    /// <summary>RNDGETENTCNT: the kernel writes an int.</summary>
    private const uint GetEntropyCount = 0x80045200;
    private const int NotForThisDevice = 25;

    [Fact]
    public void Kernel_writes_into_the_structure()
    {
        using var buffer = new PinnedBuffer(8);
        buffer.Span.Fill(0xff);

        new LinuxDevice("/dev/urandom").Control(GetEntropyCount, buffer.Address).Should().Be(0);

        BitConverter.ToInt32(buffer.Span).Should().BeInRange(0, 1 << 20);
        buffer.Span[4..].ToArray().Should().Equal(0xff, 0xff, 0xff, 0xff);
    }

    [Fact]
    public void Error_number_comes_back()
    {
        using var buffer = new PinnedBuffer(8);

        new LinuxDevice("/dev/null").Control(GetEntropyCount, buffer.Address).Should().Be(NotForThisDevice);
    }

    [Fact]
    public void Absent_device_is_named() => FluentActions.Invoking(() => new LinuxDevice("/dev/nowhere").Control(0, 0))
        .Should().Throw<AttesterException>().WithMessage("/dev/nowhere: wanted a device that can be opened, got none");
}
