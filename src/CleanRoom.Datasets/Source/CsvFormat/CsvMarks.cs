using System.Numerics;
using System.Runtime.Intrinsics;

namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Goes from one of the four marks of the format to the next: comma, quote, CR, LF.</summary>
internal ref struct CsvMarks
{
    /// <summary>The bytes that are looked at at once: there MUST be so many behind the text, of whatever content.</summary>
    public const int WindowBytes = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _length;
    private int _window;
    private ulong _marks;

    /// <summary>Begins.</summary>
    /// <param name="buffer">The text and at least <see cref="WindowBytes"/> more.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="length">Where the text ends.</param>
    public CsvMarks(ReadOnlySpan<byte> buffer, int start, int length)
    {
        _bytes = buffer;
        (_length, _window) = (length, start);
        _marks = start < length ? Look() : 0;
    }

    /// <summary>Returns the place of the next mark; -1 if there is none.</summary>
    public int Next()
    {
        while (_marks == 0)
        {
            _window += WindowBytes;
            if (_window >= _length)
            {
                return -1;
            }

            _marks = Look();
        }

        var place = _window + BitOperations.TrailingZeroCount(_marks);
        _marks &= _marks - 1;
        return place;
    }

    private readonly ulong Look()
    {
        var window = _bytes.Slice(_window, WindowBytes);
        var rest = _length - _window;
        var marks = Vector512.IsHardwareAccelerated ? Marks(Vector512.Create(window))
            : Vector256.IsHardwareAccelerated ? Marks(Vector256.Create(window)) | ((ulong)Marks(Vector256.Create(window[32..])) << 32)
            : Marks(Vector128.Create(window)) | ((ulong)Marks(Vector128.Create(window[16..])) << 16)
                | ((ulong)Marks(Vector128.Create(window[32..])) << 32) | ((ulong)Marks(Vector128.Create(window[48..])) << 48);
        return rest >= WindowBytes ? marks : marks & ((1UL << rest) - 1);
    }

    private static ulong Marks(Vector512<byte> bytes) =>
        (Vector512.Equals(bytes, Vector512.Create((byte)',')) | Vector512.Equals(bytes, Vector512.Create((byte)'\n'))
            | Vector512.Equals(bytes, Vector512.Create((byte)'\r')) | Vector512.Equals(bytes, Vector512.Create((byte)'"'))).ExtractMostSignificantBits();

    private static uint Marks(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create((byte)',')) | Vector256.Equals(bytes, Vector256.Create((byte)'\n'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\r')) | Vector256.Equals(bytes, Vector256.Create((byte)'"'))).ExtractMostSignificantBits();

    private static uint Marks(Vector128<byte> bytes) =>
        (Vector128.Equals(bytes, Vector128.Create((byte)',')) | Vector128.Equals(bytes, Vector128.Create((byte)'\n'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\r')) | Vector128.Equals(bytes, Vector128.Create((byte)'"'))).ExtractMostSignificantBits();
}
