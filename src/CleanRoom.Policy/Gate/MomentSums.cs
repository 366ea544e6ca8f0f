using System.Numerics;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Gate;

/// <summary>The sums that a statistic of one row is computed from. A sum that the engine did not give is absent, and so is the statistic.</summary>
internal sealed class MomentSums
{
    private readonly Dictionary<Moment, BigInteger> _sums = [];

    /// <summary>Takes a sum; anything but an integer is taken as absent.</summary>
    public void Add(Moment moment, CellValue value)
    {
        if (value is CellValue.Number { Scale: 0 } number)
        {
            _sums[moment] = number.Unscaled;
        }
    }

    /// <summary>Returns a sum, or null.</summary>
    public BigInteger? Of(Moment moment) => _sums.TryGetValue(moment, out var sum) ? sum : null;
}
