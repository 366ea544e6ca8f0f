using CleanRoom.Engine.Memory;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Tests.Memory;

public sealed class AnonymousFilePoolTests : IDisposable
{
    private readonly AnonymousFilePool _pool = new(10_000);

    [Fact]
    public void Rent_returnedFileOfTheSameLength_isZeroed()
    {
        var first = _pool.Rent(5_000).Value;
        first.Writable(0, 5_000).Span.Fill(0xaa);
        using var watcher = first.OpenForReading();
        first.Dispose();

        using var second = _pool.Rent(5_000).Value;
        second.Read(0, 5_000).ContainsAnyExcept((byte)0).Should().BeFalse();
        _pool.UsedBytes.Should().Be(5_000, "the kept file was reused");
        second.Writable(0, 1).Span[0] = 1;
        ReadAll(watcher)[0].Should().Be(1, "it is the same memory");
    }

    [Fact]
    public void Dispose_writtenFile_isZeroedEvenForThoseWhoStillHoldIt()
    {
        var file = _pool.Rent(5_000).Value;
        file.Writable(100, 4_000).Span.Fill(0xaa);
        using var watcher = file.OpenForReading();
        file.Retire();
        file.Dispose();
        ReadAll(watcher).Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Rent_afterARetiredFile_givesOtherMemory()
    {
        var first = _pool.Rent(5_000).Value;
        using var survivor = first.OpenForReading();
        first.Retire();
        first.Dispose();

        using var second = _pool.Rent(5_000).Value;
        second.Writable(0, 5_000).Span.Fill(0xbb);
        ReadAll(survivor).Should().OnlyContain(value => value == 0, "a descriptor that outlived its query sees no other query's bytes");
    }

    [Fact]
    public void Rent_beyondTheCapacity_isRefused_untilMemoryComesBack()
    {
        var first = _pool.Rent(6_000).Value;
        _pool.Rent(6_000).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.TooManyRequests);
        first.Dispose();
        using var second = _pool.Rent(10_000).Value;
        _pool.UsedBytes.Should().Be(10_000, "the kept file made room");
    }

    public void Dispose() => _pool.Dispose();

    private static byte[] ReadAll(Microsoft.Win32.SafeHandles.SafeFileHandle handle)
    {
        var bytes = new byte[5_000];
        RandomAccess.Read(handle, bytes, 0).Should().Be(5_000);
        return bytes;
    }
}
