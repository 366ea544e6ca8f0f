using CleanRoom.Privacy.Numerics;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Numerics;

/// <summary>The bounds of the functions, to the last bit: charges are made of them, and every member computes the same charge.</summary>
public sealed class FunctionVectorTests
{
    [Fact]
    public void Exponentials_have_these_bounds() => Agree("exponentials", x => Exponential.Of(x));

    [Fact]
    public void Logarithms_have_these_bounds() => Agree("logarithms", Logarithm.Of);

    [Fact]
    public void Normal_tails_have_these_bounds() => Agree("normalTails", NormalTail.Of);

    private static void Agree(string list, Func<Rational, Interval> function)
    {
        foreach (var entry in SharedVectors.Committed("functions.json", list))
        {
            var got = function(entry.Fraction("x"));
            got.Lower.ToString().Should().Be(entry.Text("lower"), "the lower bound at {0}", entry.Text("x"));
            got.Upper.ToString().Should().Be(entry.Text("upper"), "the upper bound at {0}", entry.Text("x"));
        }
    }
}
