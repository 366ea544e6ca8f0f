using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Unicode;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Gives a Parquet value the text that the same value has in CSV. Spec: contracts/spec/0007 s.3.2, table of text forms.</summary>
internal static class ParquetText
{
    private const int UuidBytes = 16;

    /// <summary>The longest decimal that is read: 32 bytes are 77 digits.</summary>
    private const int DecimalBytes = 32;

    /// <summary>Says whether a column's values have a text form.</summary>
    public static bool IsSupported(ParquetColumn column) => (column.Physical, column.Logical) switch
    {
        (not ParquetPhysical.Int96, ParquetLogical.Null) => column.IsOptional,
        (ParquetPhysical.Boolean, ParquetLogical.Plain) => true,
        (ParquetPhysical.Int32, ParquetLogical.Plain or ParquetLogical.Unsigned or ParquetLogical.Decimal or ParquetLogical.Date) => true,
        (ParquetPhysical.Int64, ParquetLogical.Plain or ParquetLogical.Unsigned or ParquetLogical.Decimal) => true,
        (ParquetPhysical.Int64, ParquetLogical.TimestampMillis or ParquetLogical.TimestampMicros or ParquetLogical.TimestampNanos) => true,
        (ParquetPhysical.Float or ParquetPhysical.Double, ParquetLogical.Plain) => true,
        (ParquetPhysical.ByteArray, ParquetLogical.Plain or ParquetLogical.Text or ParquetLogical.Decimal) => true,
        (ParquetPhysical.FixedLength, ParquetLogical.Plain or ParquetLogical.Decimal) => true,
        (ParquetPhysical.FixedLength, ParquetLogical.Uuid) => column.Length == UuidBytes,
        _ => false,
    };

    /// <summary>Says whether a column's values are bytes without a meaning, which are shown as hex.</summary>
    public static bool IsBinary(ParquetColumn column) =>
        column is { Physical: ParquetPhysical.ByteArray or ParquetPhysical.FixedLength, Logical: ParquetLogical.Plain };

    /// <summary>Returns the writer for a column.</summary>
    public static ParquetTextWriter WriterOf(ParquetColumn column) => column.Logical == ParquetLogical.Null
        ? static (_, _) => ProblemKind.WrongType
        : column.Physical switch
        {
            ParquetPhysical.Boolean => static (value, text) => WriteBoolean(value[0] != 0, text),
            ParquetPhysical.Int32 => Int32Writer(column),
            ParquetPhysical.Int64 => Int64Writer(column),
            ParquetPhysical.Float => static (value, text) =>
                WriteFloat(BinaryPrimitives.ReadSingleLittleEndian(value).ToString("R", CultureInfo.InvariantCulture), text),
            ParquetPhysical.Double => static (value, text) =>
                WriteFloat(BinaryPrimitives.ReadDoubleLittleEndian(value).ToString("R", CultureInfo.InvariantCulture), text),
            _ => BytesWriter(column),
        };

    private static ParquetTextWriter Int32Writer(ParquetColumn column) => column.Logical switch
    {
        ParquetLogical.Unsigned => static (value, text) => WriteInteger(BinaryPrimitives.ReadUInt32LittleEndian(value), text),
        ParquetLogical.Decimal => (value, text) => WriteDecimal(BinaryPrimitives.ReadInt32LittleEndian(value), column.Scale, text),
        ParquetLogical.Date => static (value, text) => WriteDate(BinaryPrimitives.ReadInt32LittleEndian(value), text),
        _ => static (value, text) => WriteInteger(BinaryPrimitives.ReadInt32LittleEndian(value), text),
    };

    private static ParquetTextWriter Int64Writer(ParquetColumn column) => column.Logical switch
    {
        ParquetLogical.Unsigned => static (value, text) => WriteInteger(BinaryPrimitives.ReadUInt64LittleEndian(value), text),
        ParquetLogical.Decimal => (value, text) => WriteDecimal(BinaryPrimitives.ReadInt64LittleEndian(value), column.Scale, text),
        ParquetLogical.TimestampMillis => static (value, text) =>
            WriteTimestamp(BinaryPrimitives.ReadInt64LittleEndian(value), 1_000, "D3", text),
        ParquetLogical.TimestampMicros => static (value, text) =>
            WriteTimestamp(BinaryPrimitives.ReadInt64LittleEndian(value), 1_000_000, "D6", text),
        ParquetLogical.TimestampNanos => static (value, text) =>
            WriteTimestamp(BinaryPrimitives.ReadInt64LittleEndian(value), 1_000_000_000, "D9", text),
        _ => static (value, text) => WriteInteger(BinaryPrimitives.ReadInt64LittleEndian(value), text),
    };

    private static ParquetTextWriter BytesWriter(ParquetColumn column) => column.Logical switch
    {
        ParquetLogical.Text => WriteText,
        ParquetLogical.Decimal => (value, text) => WriteDecimal(value, column.Scale, text),
        ParquetLogical.Uuid => WriteUuid,
        _ => WriteHex,
    };

    private static ProblemKind? WriteBoolean(bool value, ParquetTextBuffer text)
    {
        text.Append(value ? "true"u8 : "false"u8);
        return null;
    }

    private static ProblemKind? WriteInteger<T>(T value, ParquetTextBuffer text)
        where T : IUtf8SpanFormattable
    {
        text.Append(value);
        return null;
    }

    private static ProblemKind? WriteText(ReadOnlySpan<byte> value, ParquetTextBuffer text)
    {
        // One byte past the limit is enough for the table to refuse the cell without a copy of the rest.
        text.Append(value[..Math.Min(value.Length, DatasetLimits.CellBytes + 1)]);
        return !Utf8.IsValid(value) ? ProblemKind.BadUtf8 : value.Contains((byte)0) ? ProblemKind.NulCharacter : null;
    }

    private static ProblemKind? WriteHex(ReadOnlySpan<byte> value, ParquetTextBuffer text)
    {
        value = value[..Math.Min(value.Length, (DatasetLimits.CellBytes / 2) + 1)];
        return Convert.TryToHexStringLower(value, text.Take(value.Length * 2), out _) ? null : ProblemKind.WrongType;
    }

    private static ProblemKind? WriteUuid(ReadOnlySpan<byte> value, ParquetTextBuffer text)
    {
        if (value.Length != UuidBytes)
        {
            return ProblemKind.WrongType;
        }

        text.Append(new Guid(value, bigEndian: true));
        return null;
    }

    private static ProblemKind? WriteDate(int days, ParquetTextBuffer text)
    {
        if (days is < LexicalForms.FirstDay or > LexicalForms.LastDay)
        {
            return ProblemKind.OutsideTypeRange;
        }

        text.Append(DateOnly.FromDayNumber(days + LexicalForms.EpochDayNumber), "yyyy-MM-dd");
        return null;
    }

    private static ProblemKind? WriteTimestamp(long units, long unitsPerSecond, string fractionFormat, ParquetTextBuffer text)
    {
        var (seconds, fraction) = Math.DivRem(units, unitsPerSecond);
        if (fraction < 0)
        {
            (seconds, fraction) = (seconds - 1, fraction + unitsPerSecond);
        }

        var day = Math.DivRem(seconds, LexicalForms.SecondsPerDay, out var second);
        if (second < 0)
        {
            (day, second) = (day - 1, second + LexicalForms.SecondsPerDay);
        }

        if (day is < LexicalForms.FirstDay or > LexicalForms.LastDay)
        {
            return ProblemKind.OutsideTypeRange;
        }

        WriteDate((int)day, text);
        text.Append("T"u8);
        text.Append(TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(second)), "HH:mm:ss");
        text.Append("."u8);
        text.Append(fraction, fractionFormat);
        text.Append("Z"u8);
        return null;
    }

    private static ProblemKind? WriteDecimal(ReadOnlySpan<byte> bigEndian, int scale, ParquetTextBuffer text) =>
        bigEndian.Length is 0 or > DecimalBytes
            ? ProblemKind.OutsideTypeRange
            : WriteDecimal(new BigInteger(bigEndian, isUnsigned: false, isBigEndian: true), scale, text);

    private static ProblemKind? WriteDecimal(BigInteger unscaled, int scale, ParquetTextBuffer text) =>
        WritePoint(unscaled.Sign < 0, BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture), -scale, text);

    // The shortest decimal that reads back as the same number, without an exponent. Infinity and NaN keep their names: no
    // column type has them, so the checker refuses them as any other wrong word.
    private static ProblemKind? WriteFloat(string shortest, ParquetTextBuffer text)
    {
        var isNegative = shortest[0] == '-';
        var digits = shortest.AsSpan(isNegative ? 1 : 0);
        var exponent = 0;
        if (digits.IndexOf('E') is var mark and >= 0)
        {
            exponent = int.Parse(digits[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            digits = digits[..mark];
        }

        var point = digits.IndexOf('.');
        return point < 0
            ? WritePoint(isNegative, digits, exponent, text)
            : WritePoint(isNegative, $"{digits[..point]}{digits[(point + 1)..]}", exponent - (digits.Length - point - 1), text);
    }

    /// <summary>Writes digits times a power of ten.</summary>
    private static ProblemKind? WritePoint(bool isNegative, ReadOnlySpan<char> digits, int exponent, ParquetTextBuffer text)
    {
        digits = digits.TrimStart('0') is { Length: > 0 } significant ? significant : "0";
        var whole = digits.Length + exponent;
        if (isNegative)
        {
            text.Append("-"u8);
        }

        if (whole <= 0)
        {
            text.Append("0"u8);
        }

        for (var place = Math.Min(whole, 0); place < Math.Max(digits.Length, whole); place++)
        {
            if (place == whole)
            {
                text.Append("."u8);
            }

            text.Append(place >= 0 && place < digits.Length ? [(byte)digits[place]] : "0"u8);
        }

        return null;
    }
}
