using System.Buffers.Binary;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The least and the greatest value of a column chunk, in the order that Parquet defines for its type.</summary>
/// <remarks>
/// Readers pass over row groups by these bounds: wrong ones lose rows without an error. So text is ordered by its UTF-8
/// bytes, a text too long to keep leaves the chunk without bounds, and types whose order readers disagree on have none.
/// </remarks>
internal sealed class ColumnBounds(ColumnType type)
{
    /// <summary>The longest text that is kept as a bound, in bytes. Spec: contracts/spec/0007 s.10.</summary>
    public const int LongestText = 256;

    private bool _isEmpty = true;
    private bool _isUnknown;
    private long _least;
    private long _greatest;
    private byte[] _leastText = [];
    private byte[] _greatestText = [];

    private bool IsText => type == ColumnType.String;

    private bool IsOrdered => type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal or ColumnType.Date or ColumnType.Timestamp or ColumnType.String;

    /// <summary>Takes a value that is not NULL.</summary>
    public void Add(in CheckedCell cell)
    {
        if (!IsOrdered || _isUnknown)
        {
            return;
        }

        if (IsText)
        {
            AddText(cell.Bytes.Span);
        }
        else
        {
            _least = _isEmpty ? cell.Number : Math.Min(_least, cell.Number);
            _greatest = _isEmpty ? cell.Number : Math.Max(_greatest, cell.Number);
        }

        _isEmpty = false;
    }

    /// <summary>Returns the bounds in the plain encoding, text without its length; null if there are none.</summary>
    public WrittenBounds? ToWritten() => !IsOrdered || _isEmpty || _isUnknown
        ? null
        : IsText ? new WrittenBounds(_leastText, _greatestText) : new WrittenBounds(Plain(_least), Plain(_greatest));

    /// <summary>Forgets all values.</summary>
    public void Clear() => (_isEmpty, _isUnknown, _leastText, _greatestText) = (true, false, [], []);

    private void AddText(ReadOnlySpan<byte> text)
    {
        _isUnknown = text.Length > LongestText;
        if (_isEmpty || text.SequenceCompareTo(_leastText) < 0)
        {
            _leastText = text.ToArray();
        }

        if (_isEmpty || text.SequenceCompareTo(_greatestText) > 0)
        {
            _greatestText = text.ToArray();
        }
    }

    private byte[] Plain(long value)
    {
        var bytes = new byte[type is ColumnType.Int32 or ColumnType.Date ? sizeof(int) : sizeof(long)];
        if (bytes.Length == sizeof(int))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        }

        return bytes;
    }
}
