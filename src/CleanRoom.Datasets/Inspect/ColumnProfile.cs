using System.Buffers.Text;
using System.Text;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Inspect;

/// <summary>Gathers what is known of one column while its cells pass.</summary>
internal sealed class ColumnProfile(string name, CellKeyer keyer)
{
    /// <summary>The number of different values that are counted exactly. Spec: contracts/spec/0007 s.9.</summary>
    public const int DistinctEntries = 100_000;

    /// <summary>The number of characters that are shown of a value.</summary>
    public const int ShownCharacters = 64;

    private const int LargestScale = 18;

    // Narrowest first: the first that took every value is the guess.
    private readonly List<ColumnType> _candidates =
    [
        ColumnType.Boolean, ColumnType.Int32, ColumnType.Int64, ColumnType.Decimal,
        ColumnType.Date, ColumnType.Timestamp, ColumnType.Uuid, ColumnType.Sha256,
    ];

    private readonly BoundedCounter _distinct = new(DistinctEntries);
    private readonly byte[] _digest = new byte[32];
    private byte[]? _minText;
    private byte[]? _maxText;
    private (decimal Value, string Text)? _min;
    private (decimal Value, string Text)? _max;
    private long _nulls;
    private int _scale;
    private int _wholeDigits;

    /// <summary>Takes the next cell.</summary>
    public void Add(ReadOnlySpan<byte> text, bool isNull)
    {
        if (isNull)
        {
            _nulls++;
            return;
        }

        _distinct.Add(keyer.Hash(text));
        for (var i = _candidates.Count - 1; i >= 0; i--)
        {
            if (!Takes(_candidates[i], text))
            {
                _candidates.RemoveAt(i);
            }
        }

        TakeBounds(text);
    }

    /// <summary>Returns what was gathered.</summary>
    public ColumnInspection Finish()
    {
        var type = _minText is null || _candidates.Count == 0 ? ColumnType.String : _candidates[0];
        var isNumeric = type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal && _min is not null;
        return new ColumnInspection
        {
            Name = name,
            Type = type,
            Scale = type == ColumnType.Decimal ? Math.Min(_scale, LargestScale - _wholeDigits) : null,
            ScaleExact = type == ColumnType.Decimal ? _wholeDigits + _scale <= LargestScale : null,
            Nulls = _nulls,
            Distinct = _distinct.Distinct,
            DistinctExact = !_distinct.IsFull,
            Min = isNumeric ? _min?.Text : Shown(_minText),
            Max = isNumeric ? _max?.Text : Shown(_maxText),
        };
    }

    /// <summary>Returns the beginning of a text, for people.</summary>
    public static string? Shown(ReadOnlyMemory<byte>? text)
    {
        if (text is not { } bytes)
        {
            return null;
        }

        var shown = Encoding.UTF8.GetString(bytes.Span[..Math.Min(bytes.Length, 4 * ShownCharacters)]);
        return shown.Length <= ShownCharacters && bytes.Length <= 4 * ShownCharacters ? shown : shown[..Math.Min(shown.Length, ShownCharacters)] + "...";
    }

    private static string? Shown(byte[]? text) => text is null ? null : Shown((ReadOnlyMemory<byte>)text);

    private bool Takes(ColumnType type, ReadOnlySpan<byte> text) => type switch
    {
        // 0 and 1 are more often numbers; a column is boolean only if it says so in words.
        ColumnType.Boolean => text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8),
        ColumnType.Int32 => LexicalForms.ReadInteger(text, int.MinValue, int.MaxValue, out _) == LexicalFit.Accepted,
        ColumnType.Int64 => LexicalForms.ReadInteger(text, long.MinValue, long.MaxValue, out _) == LexicalFit.Accepted,
        ColumnType.Decimal => TakesDecimal(text),
        ColumnType.Date => LexicalForms.ReadDate(text, out _) == LexicalFit.Accepted,
        ColumnType.Timestamp => LexicalForms.ReadTimestamp(text, out _) == LexicalFit.Accepted,
        ColumnType.Uuid => LexicalForms.ReadUuid(text, out _) == LexicalFit.Accepted,
        ColumnType.Sha256 => LexicalForms.ReadSha256(text, _digest) == LexicalFit.Accepted,
        _ => false,
    };

    private bool TakesDecimal(ReadOnlySpan<byte> text)
    {
        if (LexicalForms.ReadDecimal(text, 0, out _, out _) != LexicalFit.Accepted)
        {
            return false;
        }

        var point = text.IndexOf((byte)'.');
        var whole = (point < 0 ? text : text[..point]).TrimStart((byte)'-').TrimStart((byte)'0');
        _wholeDigits = Math.Max(_wholeDigits, whole.Length);
        _scale = Math.Max(_scale, point < 0 ? 0 : text[(point + 1)..].TrimEnd((byte)'0').Length);
        return true;
    }

    private void TakeBounds(ReadOnlySpan<byte> text)
    {
        if (_minText is null || text.SequenceCompareTo(_minText) < 0)
        {
            _minText = text.ToArray();
        }

        if (_maxText is null || text.SequenceCompareTo(_maxText) > 0)
        {
            _maxText = text.ToArray();
        }

        if (!_candidates.Contains(ColumnType.Decimal) && !_candidates.Contains(ColumnType.Int64))
        {
            return;
        }

        if (Utf8Parser.TryParse(text, out decimal value, out var used) && used == text.Length)
        {
            _min = _min is null || value < _min.Value.Value ? (value, Encoding.ASCII.GetString(text)) : _min;
            _max = _max is null || value > _max.Value.Value ? (value, Encoding.ASCII.GetString(text)) : _max;
        }
    }
}
