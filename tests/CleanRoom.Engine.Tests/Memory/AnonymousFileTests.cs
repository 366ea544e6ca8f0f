using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Native;

namespace CleanRoom.Engine.Tests.Memory;

public sealed class AnonymousFileTests : IDisposable
{
    private readonly AnonymousFilePool _pool = new(1 << 20);

    [Fact]
    public void Rent_newFile_isSealedByTheKernel()
    {
        using var file = _pool.Rent(4_096).Value;
        (file.KernelSeals() & ~Libc.SealExecute).Should().Be(Libc.SealShrink | Libc.SealGrow | Libc.SealFutureWrite | Libc.SealSeal);
    }

    [Fact]
    public void OpenForReading_writtenRange_readsIt_andHolesAreZero()
    {
        using var file = _pool.Rent(10_000).Value;
        file.Writable(5_000, 3).Span.Fill(7);
        using var handle = file.OpenForReading();
        var bytes = new byte[10_000];
        RandomAccess.Read(handle, bytes, 0).Should().Be(10_000);
        bytes[5_000..5_003].Should().OnlyContain(value => value == 7);
        bytes.Count(value => value != 0).Should().Be(3);
    }

    [Fact]
    public void HandedDescriptor_reopenedForWriting_cannotWrite()
    {
        using var file = _pool.Rent(4_096).Value;
        using var handle = file.OpenForReading();
        var path = $"/proc/self/fd/{handle.DangerousGetHandle()}";

        // Opening may succeed: it is the seal that refuses the write, as it must for root.
        var write = () =>
        {
            using var writable = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.Write(writable, new byte[] { 1 }, 0);
        };
        write.Should().Throw<Exception>().Where(exception => exception is IOException || exception is UnauthorizedAccessException);
        file.Read(0, 1)[0].Should().Be(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8_192)]
    public void HandedDescriptor_reopenedForWriting_cannotChangeTheLength(long length)
    {
        using var file = _pool.Rent(4_096).Value;
        using var handle = file.OpenForReading();
        using var writable = File.OpenHandle($"/proc/self/fd/{handle.DangerousGetHandle()}", FileMode.Open, FileAccess.ReadWrite);
        Libc.Truncate(writable, length).Should().Be(-1);
    }

    [Fact]
    public void Writable_outsideTheFile_throws()
    {
        using var file = _pool.Rent(100).Value;
        file.Invoking(f => f.Writable(99, 2)).Should().Throw<ArgumentOutOfRangeException>();
        file.Invoking(f => f.Writable(-1, 1)).Should().Throw<ArgumentOutOfRangeException>();
        file.Invoking(f => f.Writable(long.MaxValue, 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Dispose_region_isNoLongerReachable()
    {
        var file = _pool.Rent(100).Value;
        var region = file.Writable(0, 100);
        file.Dispose();
        region.Invoking(r => r.Span.Length).Should().Throw<ObjectDisposedException>();
    }

    public void Dispose() => _pool.Dispose();
}
