using System.Globalization;

namespace CleanRoom.Datasets.Check;

/// <summary>How a text fits a form.</summary>
public enum LexicalFit
{
    Accepted = 1,
    WrongForm = 2,

    /// <summary>The form is right, but the type cannot hold the value.</summary>
    OutsideRange = 3,
}

/// <summary>The text forms of the column types: strict, ASCII, no culture, no spaces. Spec: contracts/spec/0007 s.4.</summary>
internal static class LexicalForms
{
    /// <summary>The day number of 1970-01-01.</summary>
    public const int EpochDayNumber = 719_162;

    /// <summary>0001-01-01, in days since 1970-01-01.</summary>
    public const int FirstDay = -EpochDayNumber;

    /// <summary>9999-12-31, in days since 1970-01-01.</summary>
    public const int LastDay = 2_932_896;

    public const int SecondsPerDay = 86_400;

    /// <summary>The largest absolute value of a decimal, in units of its last digit: 18 digits.</summary>
    public const long LargestUnscaled = 999_999_999_999_999_999;

    private static readonly byte[] HexValues = [.. Enumerable.Range(0, 256).Select(b => char.IsAsciiHexDigit((char)b) ? (byte)Convert.ToInt32($"{(char)b}", 16) : NoDigit)];

    private static readonly long[] Powers = [.. Enumerable.Range(0, LargestScale + 1).Select(exponent => long.Parse("1" + new string('0', exponent), CultureInfo.InvariantCulture))];

    private const byte NoDigit = 0xF0;
    private const long MicrosPerSecond = 1_000_000;
    private const int LargestScale = 18;

    /// <summary><c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>.</summary>
    public static LexicalFit ReadBoolean(ReadOnlySpan<byte> text, out long value)
    {
        value = text.SequenceEqual("true"u8) || text.SequenceEqual("1"u8) ? 1 : 0;
        return value == 1 || text.SequenceEqual("false"u8) || text.SequenceEqual("0"u8) ? LexicalFit.Accepted : LexicalFit.WrongForm;
    }

    /// <summary><c>-?(0|[1-9][0-9]*)</c> within bounds.</summary>
    public static LexicalFit ReadInteger(ReadOnlySpan<byte> text, long min, long max, out long value)
    {
        value = 0;
        if (!SplitNumber(text, out var isNegative, out var whole, out var fraction) || !fraction.IsEmpty)
        {
            return LexicalFit.WrongForm;
        }

        // 19 digits are below 2^64, so the sum cannot wrap.
        if (whole.Length > 19)
        {
            return LexicalFit.OutsideRange;
        }

        // The magnitude of the least value is one more than that of the greatest, and wraps to it.
        var magnitude = Digits(whole);
        if (magnitude > (isNegative ? (ulong)-min : (ulong)max))
        {
            return LexicalFit.OutsideRange;
        }

        value = isNegative ? -(long)magnitude : (long)magnitude;
        return LexicalFit.Accepted;
    }

    /// <summary><c>-?(0|[1-9][0-9]*)(\.[0-9]+)?</c>; digits past the scale are rounded half-even.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scale">Digits after the point, 0 to 18.</param>
    /// <param name="unscaled">The value times ten to the power of the scale.</param>
    /// <param name="isRounded">True if digits other than 0 were cut off: then the value was changed.</param>
    public static LexicalFit ReadDecimal(ReadOnlySpan<byte> text, int scale, out long unscaled, out bool isRounded)
    {
        (unscaled, isRounded) = (0, false);
        if (!SplitNumber(text, out var isNegative, out var whole, out var fraction))
        {
            return LexicalFit.WrongForm;
        }

        if (whole.Length > LargestScale)
        {
            return LexicalFit.OutsideRange;
        }

        var kept = fraction[..Math.Min(scale, fraction.Length)];
        var cut = fraction[kept.Length..];
        if (whole.Length + scale <= LargestScale && cut.IsEmpty)
        {
            var exact = (long)((Digits(whole) * (ulong)Power(scale)) + (Digits(kept) * (ulong)Power(scale - kept.Length)));
            unscaled = isNegative ? -exact : exact;
            return LexicalFit.Accepted;
        }

        var magnitude = ((Int128)Digits(whole) * Power(scale)) + ((Int128)Digits(kept) * Power(scale - kept.Length));
        isRounded = cut.ContainsAnyExcept((byte)'0');
        if (isRounded && RoundsUp(cut, isOdd: Int128.IsOddInteger(magnitude)))
        {
            magnitude++;
        }

        if (magnitude > LargestUnscaled)
        {
            return LexicalFit.OutsideRange;
        }

        unscaled = (long)(isNegative ? -magnitude : magnitude);
        return LexicalFit.Accepted;
    }

    /// <summary><c>yyyy-MM-dd</c>, years 0001 to 9999.</summary>
    /// <param name="text">The text.</param>
    /// <param name="days">Days since 1970-01-01.</param>
    public static LexicalFit ReadDate(ReadOnlySpan<byte> text, out long days)
    {
        days = 0;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-'
            || !Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..], out var day))
        {
            return LexicalFit.WrongForm;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return LexicalFit.OutsideRange;
        }

        days = new DateOnly(year, month, day).DayNumber - EpochDayNumber;
        return LexicalFit.Accepted;
    }

    /// <summary><c>yyyy-MM-ddTHH:mm:ss[.f{1,9}](Z|±HH:mm)</c>, or <c>yyyy-MM-dd HH:mm:ss[.f{1,9}]</c>, which is UTC.</summary>
    /// <param name="text">The text.</param>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns><see cref="LexicalFit.OutsideRange"/> also where the seventh to ninth digit is not 0: time is never rounded.</returns>
    public static LexicalFit ReadTimestamp(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length < 19 || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':'
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || !Number(text[17..19], out var second)
            || !SplitFraction(text[19..], out var fraction, out var zone)
            || !ReadZone(zone, isNamed: text[10] == 'T', out var offsetMinutes))
        {
            return LexicalFit.WrongForm;
        }

        var date = ReadDate(text[..10], out var days);
        if (date != LexicalFit.Accepted)
        {
            return date;
        }

        if (hour > 23 || minute > 59 || second > 59 || Math.Abs(offsetMinutes) >= 24 * 60 || (fraction.Length > 6 && fraction[6..].ContainsAnyExcept((byte)'0')))
        {
            return LexicalFit.OutsideRange;
        }

        var kept = fraction[..Math.Min(6, fraction.Length)];
        var seconds = (days * SecondsPerDay) + (((hour * 60) + minute - offsetMinutes) * 60) + second;
        if (seconds < (long)FirstDay * SecondsPerDay || seconds >= (LastDay + 1L) * SecondsPerDay)
        {
            return LexicalFit.OutsideRange;
        }

        micros = (seconds * MicrosPerSecond) + ((long)Digits(kept) * Power(6 - kept.Length));
        return LexicalFit.Accepted;
    }

    /// <summary><c>xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx</c> in hex of any case.</summary>
    public static LexicalFit ReadUuid(ReadOnlySpan<byte> text, out UInt128 value)
    {
        value = default;
        if (text.Length != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return LexicalFit.WrongForm;
        }

        var (high, low) = (0UL, 0UL);
        if (!Hex(text[..8], ref high) || !Hex(text[9..13], ref high) || !Hex(text[14..18], ref high) || !Hex(text[19..23], ref low) || !Hex(text[24..], ref low))
        {
            return LexicalFit.WrongForm;
        }

        value = new UInt128(high, low);
        return LexicalFit.Accepted;
    }

    /// <summary>64 hex digits of any case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">Gets the 32 bytes.</param>
    public static LexicalFit ReadSha256(ReadOnlySpan<byte> text, Span<byte> value)
    {
        if (text.Length != 2 * value.Length)
        {
            return LexicalFit.WrongForm;
        }

        for (var i = 0; i < value.Length; i++)
        {
            var both = 0UL;
            if (!Hex(text.Slice(2 * i, 2), ref both))
            {
                return LexicalFit.WrongForm;
            }

            value[i] = (byte)both;
        }

        return LexicalFit.Accepted;
    }

    /// <summary>Adds hex digits at the end of a number; false if there is another byte among them.</summary>
    private static bool Hex(ReadOnlySpan<byte> digits, ref ulong value)
    {
        var worst = 0;
        foreach (var digit in digits)
        {
            var one = HexValues[digit];
            worst |= one;
            value = (value << 4) | (uint)one;
        }

        return worst <= 0xF;
    }

    private static bool SplitNumber(ReadOnlySpan<byte> text, out bool isNegative, out ReadOnlySpan<byte> whole, out ReadOnlySpan<byte> fraction)
    {
        isNegative = text is [(byte)'-', ..];
        text = isNegative ? text[1..] : text;
        var point = text.IndexOf((byte)'.');
        whole = point < 0 ? text : text[..point];
        fraction = point < 0 ? [] : text[(point + 1)..];
        return !whole.IsEmpty
            && (whole.Length == 1 || whole[0] != '0')
            && (point < 0 || !fraction.IsEmpty)
            && !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static bool SplitFraction(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> fraction, out ReadOnlySpan<byte> zone)
    {
        fraction = [];
        zone = text;
        if (text is not [(byte)'.', ..])
        {
            return true;
        }

        var length = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        length = length < 0 ? text.Length - 1 : length;
        fraction = text[1..(length + 1)];
        zone = text[(length + 1)..];
        return fraction.Length is >= 1 and <= 9;
    }

    private static bool ReadZone(ReadOnlySpan<byte> zone, bool isNamed, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (!isNamed || zone.SequenceEqual("Z"u8))
        {
            return isNamed || zone.IsEmpty;
        }

        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':'
            || !Number(zone[1..3], out var hours) || !Number(zone[4..], out var minutes) || minutes > 59)
        {
            return false;
        }

        offsetMinutes = ((hours * 60) + minutes) * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool RoundsUp(ReadOnlySpan<byte> cut, bool isOdd) =>
        cut[0] > '5' || (cut[0] == '5' && (isOdd || cut[1..].ContainsAnyExcept((byte)'0')));

    private static bool Number(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        value = (int)Digits(digits);
        return true;
    }

    private static ulong Digits(ReadOnlySpan<byte> digits)
    {
        var value = 0UL;
        foreach (var digit in digits)
        {
            value = (value * 10) + (uint)(digit - '0');
        }

        return value;
    }

    private static long Power(int exponent) => Powers[exponent];
}
