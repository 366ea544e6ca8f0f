using System.Runtime.InteropServices;
using CleanRoom.Engine.Native;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Memory;

/// <summary>An anonymous memory file that only this process's mapping can write: sealed from its birth against every other writer.</summary>
/// <remarks>
/// Without the seals a reader could write through <c>/proc/self/fd/N</c>, whatever way it was opened; DuckDB's <c>allowed_paths</c> grants
/// exactly that. The mapping is left out of core dumps. Several threads may write ranges that do not overlap; everything else is for one.
/// </remarks>
internal sealed unsafe class AnonymousMapping : IDisposable
{
    /// <summary>The seals of every file: fixed length, no new writer, no more seals.</summary>
    public const int Seals = Libc.SealShrink | Libc.SealGrow | Libc.SealFutureWrite | Libc.SealSeal;

    private readonly SafeFileHandle _handle;
    private readonly Lock _noting = new();
    private readonly List<(long Offset, long Length)> _written = [];
    private nint _address;

    private AnonymousMapping(SafeFileHandle handle, nint address, long length) => (_handle, _address, Length) = (handle, address, length);

    /// <summary>Gets the length in bytes.</summary>
    public long Length { get; }

    /// <summary>Gets the bytes that were written, those of a range that was written twice counted twice.</summary>
    public long WrittenBytes => _written.Sum(range => range.Length);

    /// <summary>Gets the seals as the kernel has them.</summary>
    public int KernelSeals => Libc.Control(_handle, Libc.GetSeals, 0);

    /// <summary>Creates a file of zeros; memory is taken only where it is written.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static AnonymousMapping Create(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var handle = new SafeFileHandle(CreateFile(), ownsHandle: true);
        try
        {
            _ = Libc.Check(Libc.Truncate(handle, length), "ftruncate");
            var address = Libc.Map(0, (nuint)length, Libc.ProtReadWrite, Libc.MapShared, handle, 0);
            if (address == -1)
            {
                throw new IOException($"mmap: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            var mapping = new AnonymousMapping(handle, address, length);
            _ = Libc.Check(Libc.Advise(address, (nuint)length, Libc.AdviseDontDump), "madvise");
            _ = Libc.Check(Libc.Control(handle, Libc.AddSeals, Seals), "fcntl");
            return mapping;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    // Never to be run as a program, which some kernels demand; those before Linux 6.3 do not know the flag.
    private static int CreateFile()
    {
        const uint always = Libc.MemfdCloseOnExec | Libc.MemfdAllowSealing;
        var descriptor = Libc.MemfdCreate("cleanroom", always | Libc.MemfdNoExecuteSeal);
        return descriptor < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInvalid
            ? Libc.Check(Libc.MemfdCreate("cleanroom", always), "memfd_create")
            : Libc.Check(descriptor, "memfd_create");
    }

    /// <summary>Returns bytes to read.</summary>
    public Span<byte> Bytes(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_address == 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new Span<byte>((byte*)_address + offset, length);
    }

    /// <summary>Notes that a range is about to be written, so that it is zeroed later.</summary>
    public void NoteWritten(long offset, int length)
    {
        lock (_noting)
        {
            _written.Add((offset, length));
        }
    }

    /// <summary>Opens the file again for reading only; the descriptor shares no offset with any other.</summary>
    public SafeFileHandle OpenForReading() => File.OpenHandle($"/proc/self/fd/{_handle.DangerousGetHandle()}");

    /// <summary>Zeroes every byte that was written.</summary>
    public void Clear()
    {
        foreach (var (offset, length) in _written)
        {
            NativeMemory.Clear((byte*)_address + offset, (nuint)length);
        }

        _written.Clear();
    }

    /// <summary>Zeroes, unmaps and closes.</summary>
    public void Dispose()
    {
        if (_address == 0)
        {
            return;
        }

        Clear();
        _ = Libc.Unmap(_address, (nuint)Length);
        _address = 0;
        _handle.Dispose();
    }
}
