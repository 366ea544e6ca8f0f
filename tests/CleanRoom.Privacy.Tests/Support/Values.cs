using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Tests.Support;

/// <summary>Reads the numbers of vectors exactly as they are written.</summary>
internal static class Values
{
    public static string Text(this JsonElement element, string name) => element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number
        ? number.GetRawText()
        : element.GetProperty(name).GetString()!;

    public static double Double(this JsonElement element, string name) => double.Parse(element.Text(name), CultureInfo.InvariantCulture);

    public static int Int(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static Rational Fraction(this JsonElement element, string name) => Exact(element.Text(name));

    public static BigInteger Integer(this JsonElement element, string name) => BigInteger.Parse(element.Text(name), CultureInfo.InvariantCulture);

    /// <summary>Reads <c>12</c>, <c>1.5</c>, <c>1e-200</c> or <c>3/7</c>.</summary>
    public static Rational Exact(string text)
    {
        if (text.Split('/') is [var over, var under])
        {
            return Rational.Of(Parse(over), Parse(under));
        }

        var parts = text.ToLowerInvariant().Split('e');
        var power = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var digits = parts[0].Split('.');
        power -= digits.Length == 2 ? digits[1].Length : 0;
        var whole = Parse(string.Concat(digits));
        return power >= 0 ? whole * BigInteger.Pow(10, power) : Rational.Of(whole, BigInteger.Pow(10, -power));
    }

    /// <summary>Returns the nearest floating-point number, for statistics alone.</summary>
    public static double ToDouble(this Rational value)
    {
        var shift = (int)(value.Numerator.GetBitLength() - value.Denominator.GetBitLength()) - 60;
        var scaled = shift >= 0 ? value / (BigInteger.One << shift) : value * (BigInteger.One << -shift);
        return double.ScaleB((double)scaled.Floor(), shift);
    }

    private static BigInteger Parse(string text) => BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
