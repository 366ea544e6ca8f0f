using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Accounting;

/// <summary>Turns rho-zCDP into (epsilon, delta) and back, never in favour of who asks.</summary>
/// <remarks>
/// For every a > 1: delta &lt;= e^((a-1)(a rho - epsilon)) (1-1/a)^a/(a-1). Solved for epsilon or rho each a gives a bound that holds, so the
/// search for the best a cannot make it wrong, only loose. Proof: CKS20, proposition 12. Spec: contracts/spec/0014 s.6.
/// </remarks>
public static class ZcdpConversion
{
    /// <summary>Returns the largest rho, in billionths rounded down, that a budget of (epsilon, delta) is shown to allow.</summary>
    /// <param name="epsilon">Above 0 and at most 4,096.</param>
    /// <param name="delta">At least 2^-1024, below 1.</param>
    /// <returns>Billionths; 0 when the budget is too small for any.</returns>
    public static long NanoRho(Rational epsilon, Rational delta)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon.Sign, nameof(epsilon));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epsilon, Exponential.MaxExponent);
        var cost = LogInverse(delta);
        var best = -RenyiOrder.Minimum(order => -RhoAt(epsilon, cost, order));
        return best.Sign > 0 ? Nano.Down(best) : 0;
    }

    /// <summary>Returns an epsilon, rounded up to a billionth, so that a cost of rho is (epsilon, delta)-DP.</summary>
    /// <param name="nanoRho">Billionths, from 0.</param>
    /// <param name="delta">At least 2^-1024, below 1.</param>
    public static Rational Epsilon(long nanoRho, Rational delta)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoRho);
        var (rho, cost) = (Rational.Of(nanoRho, Nano.One), LogInverse(delta));
        if (nanoRho == 0)
        {
            return Rational.Zero;
        }

        var best = Rational.Max(Rational.Zero, RenyiOrder.Minimum(order => EpsilonAt(rho, cost, order)));
        return Rational.Of((best * Nano.One).Ceiling(), Nano.One);
    }

    /// <summary>Returns an upper bound of delta, so that a cost of rho is (epsilon, delta)-DP; at most 1.</summary>
    /// <param name="nanoRho">Billionths, from 0.</param>
    /// <param name="epsilon">From 0.</param>
    public static Rational Delta(long nanoRho, Rational epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoRho);
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon.Sign, nameof(epsilon));
        if (nanoRho == 0)
        {
            return Rational.Zero;
        }

        var rho = Rational.Of(nanoRho, Nano.One);
        var best = RenyiOrder.Minimum(order => LogDeltaAt(rho, epsilon, order));
        return best.Sign >= 0 ? Rational.One : Exponential.Of(best).Upper;
    }

    // ln(1/delta), upper bound.
    private static Rational LogInverse(Rational delta)
    {
        Mechanisms.NoiseMechanism.CheckProbability(delta);
        return (-Logarithm.Of(delta)).Upper;
    }

    // ln(1/delta)/(a-1) + ln(a-1) - a/(a-1) ln a, upper bound: what epsilon pays besides a rho.
    private static Rational Overhead(Rational cost, Rational orderLessOne)
    {
        var order = orderLessOne + 1;
        return (cost / orderLessOne) + (Logarithm.Of(orderLessOne) - (Logarithm.Of(order) * (order / orderLessOne))).Upper;
    }

    private static Rational EpsilonAt(Rational rho, Rational cost, Rational orderLessOne) => ((orderLessOne + 1) * rho) + Overhead(cost, orderLessOne);

    private static Rational RhoAt(Rational epsilon, Rational cost, Rational orderLessOne) => (epsilon - Overhead(cost, orderLessOne)) / (orderLessOne + 1);

    private static Rational LogDeltaAt(Rational rho, Rational epsilon, Rational orderLessOne)
    {
        var order = orderLessOne + 1;
        return (orderLessOne * ((order * rho) - epsilon)) + ((Logarithm.Of(orderLessOne) * orderLessOne) - (Logarithm.Of(order) * order)).Upper;
    }
}
