using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Memory;

/// <summary>A lease of decrypted bytes in anonymous memory, laid out as a file; what was not written reads as zero.</summary>
/// <remarks>
/// Only this process can write, and only while the lease lasts; an engine process gets a descriptor for reading. The bytes are zeroed when
/// the lease ends. Several writers at once, each of ranges of its own.
/// </remarks>
public sealed class AnonymousFile : IDisposable
{
    private readonly Action<AnonymousMapping, bool> _giveBack;
    private AnonymousMapping? _mapping;
    private bool _isRetired;

    internal AnonymousFile(AnonymousMapping mapping, Action<AnonymousMapping, bool> giveBack) =>
        (_mapping, _giveBack, Length) = (mapping, giveBack, mapping.Length);

    /// <summary>Gets the length in bytes.</summary>
    public long Length { get; }

    /// <summary>Gets the bytes that were written.</summary>
    public long WrittenBytes => Mapping.WrittenBytes;

    private AnonymousMapping Mapping => _mapping ?? throw new ObjectDisposedException(nameof(AnonymousFile));

    /// <summary>Returns a range to write; it must not be used after the lease has ended.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the file.</exception>
    public Memory<byte> Writable(long offset, int length)
    {
        _ = Mapping.Bytes(offset, length);
        Mapping.NoteWritten(offset, length);
        return new Region(this, offset, length).Memory;
    }

    /// <summary>Returns a range to read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the file.</exception>
    public ReadOnlySpan<byte> Read(long offset, int length) => Mapping.Bytes(offset, length);

    /// <summary>Opens it as a stream to read; it must not be used after the lease has ended.</summary>
    public Stream OpenRead() => new FileStream(OpenForReading(), FileAccess.Read, bufferSize: 0);

    /// <summary>Zeroes the bytes and gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _mapping, null) is { } mapping)
        {
            _giveBack(mapping, _isRetired);
        }
    }

    /// <summary>Opens a descriptor for reading, to be handed to an engine.</summary>
    internal SafeFileHandle OpenForReading() => Mapping.OpenForReading();

    /// <summary>Gets the seals as the kernel has them.</summary>
    internal int KernelSeals() => Mapping.KernelSeals;

    /// <summary>Keeps the memory from being leased again: somebody may still hold a descriptor of it.</summary>
    internal void Retire() => _isRetired = true;

    private sealed class Region(AnonymousFile owner, long offset, int length) : MemoryManager<byte>
    {
        // Asks the lease each time: after its end this throws instead of showing the next lease's bytes.
        public override Span<byte> GetSpan() => owner.Mapping.Bytes(offset, length);

        public override unsafe MemoryHandle Pin(int elementIndex = 0)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, length);
            fixed (byte* start = GetSpan())
            {
                // Outside the managed heap: nothing moves it.
                return new MemoryHandle(start + elementIndex);
            }
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
