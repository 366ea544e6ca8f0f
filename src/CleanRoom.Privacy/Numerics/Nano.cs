namespace CleanRoom.Privacy.Numerics;

/// <summary>Billionths in whole numbers, rounded in the direction that the name says.</summary>
internal static class Nano
{
    internal const long One = 1_000_000_000;

    /// <exception cref="OverflowException">It does not fit 63 bits.</exception>
    internal static long Up(Rational value) => (long)(value * One).Ceiling();

    /// <exception cref="OverflowException">It does not fit 63 bits.</exception>
    internal static long Down(Rational value) => (long)(value * One).Floor();
}
