using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CleanRoom.Policy.Tests.Reconstruction;

/// <summary>The attacker's linear program: the least sum of |A x - y| + penalty * sum(x) over 0 &lt;= x &lt;= 1, for a matrix A of zeros and ones.</summary>
/// <remarks>
/// Mehrotra's predictor-corrector interior point method, always primal and dual feasible. It ends when the lower bound that its multipliers
/// prove meets its objective, so that a result is the optimum whatever the steps were. Vectors have a fixed width and products are not fused:
/// every machine finds the same. Spec: Dwork, McSherry, Talwar (2007); Nocedal, Wright (2006), ch. 14.
/// </remarks>
internal sealed class LeastResiduals
{
    private const int MaxSteps = 100;
    private const double Gap = 1e-6;

    // Relative to the largest diagonal: keeps a system with fewer rows than people from being singular to rounding.
    private const double Ridge = 1e-13;
    private const double Inside = 0.995;

    private readonly IReadOnlyList<int[]> _rows;
    private readonly double[] _answers;
    private readonly double _penalty;
    private readonly int _people;
    private readonly double[] _x, _room, _lower, _upper;
    private readonly double[] _z, _over, _under;
    private readonly Cholesky _normal;

    private LeastResiduals(IReadOnlyList<int[]> rows, double[] answers, int people, double penalty)
    {
        (_rows, _answers, _people, _penalty, _normal) = (rows, answers, people, penalty, new Cholesky(people));
        _x = Filled(people, 0.5);
        _room = Filled(people, 0.5);
        _lower = Filled(people, 1 + Math.Max(0, penalty));
        _upper = Filled(people, 1 + Math.Max(0, -penalty));
        _z = new double[rows.Count];
        var residuals = Residuals();
        _over = [.. residuals.Select(residual => 1 + Math.Max(0, residual))];
        _under = [.. residuals.Select(residual => 1 + Math.Max(0, -residual))];
    }

    /// <summary>Solves it.</summary>
    /// <param name="rows">The columns with a one, of each row.</param>
    /// <param name="answers">y, one for each row.</param>
    /// <param name="people">The number of columns.</param>
    /// <param name="penalty">What a one costs; not negative where ones are the rarer.</param>
    /// <returns>The optimum, with the multipliers that prove it.</returns>
    public static Fit Solve(IReadOnlyList<int[]> rows, double[] answers, int people, double penalty)
    {
        var program = new LeastResiduals(rows, answers, people, penalty);
        for (var step = 0; step < MaxSteps; step++)
        {
            var fit = new Fit(program._x, program._z, program.Objective(), program.LowerBound());
            if (fit.Objective - fit.LowerBound <= Gap * (1 + Math.Abs(fit.Objective)))
            {
                return fit;
            }

            program.Step();
        }

        throw new InvalidOperationException($"wanted an optimum within {MaxSteps} steps, got none");
    }

    private static double[] Filled(int length, double value) => [.. Enumerable.Repeat(value, length)];

    private double Objective() => Residuals().Sum(Math.Abs) + (_penalty * _x.Sum());

    // For |z| <= 1 and any x: |A x - y| >= z (A x - y); the least of that over the box is known.
    private double LowerBound() => Transposed(_z).Sum(slope => Math.Min(0, slope + _penalty)) - _z.Zip(_answers, (z, y) => z * y).Sum();

    private double[] Residuals() => [.. Product(_x).Zip(_answers, (sum, answer) => sum - answer)];

    private double[] Product(double[] x)
    {
        var product = new double[_rows.Count];
        for (var q = 0; q < product.Length; q++)
        {
            foreach (var i in _rows[q])
            {
                product[q] += x[i];
            }
        }

        return product;
    }

    private double[] Transposed(double[] z)
    {
        var product = new double[_people];
        for (var q = 0; q < z.Length; q++)
        {
            foreach (var i in _rows[q])
            {
                product[i] += z[q];
            }
        }

        return product;
    }

    private void Step()
    {
        _normal.Factor(_rows, Weights(), [.. Enumerable.Range(0, _people).Select(i => (_lower[i] / _x[i]) + (_upper[i] / _room[i]))]);
        var zero = new Direction(_people, _rows.Count);
        var affine = Direct(zero, 0);
        var (primal, dual) = Lengths(affine);
        var (now, then) = (Complement(zero, 0, 0), Complement(affine, primal, dual));
        var target = Math.Pow(then / now, 3) * now / (2 * (_people + _rows.Count));
        var step = Direct(affine, target);
        (primal, dual) = Lengths(step);
        Move(step, Inside * primal, Inside * dual);
    }

    private double[] Weights() =>
        [.. Enumerable.Range(0, _rows.Count).Select(q => 1 / ((_over[q] / (1 - _z[q])) + (_under[q] / (1 + _z[q]))))];

    // Newton's step to where every product of a variable and its multiplier is the target, but for the products of an earlier step.
    private Direction Direct(Direction earlier, double target)
    {
        var step = new Direction(_people, _rows.Count);
        var (overs, unders, load) = (new double[_rows.Count], new double[_rows.Count], new double[_rows.Count]);
        var weights = Weights();
        for (var q = 0; q < load.Length; q++)
        {
            overs[q] = target - (_over[q] * (1 - _z[q])) + (earlier.Over[q] * earlier.Z[q]);
            unders[q] = target - (_under[q] * (1 + _z[q])) - (earlier.Under[q] * earlier.Z[q]);
            load[q] = (overs[q] / (1 - _z[q])) - (unders[q] / (1 + _z[q]));
        }

        var right = Transposed([.. weights.Zip(load, (weight, h) => weight * h)]);
        var slopes = Transposed(_z);
        var (lowers, uppers) = (new double[_people], new double[_people]);
        for (var i = 0; i < _people; i++)
        {
            lowers[i] = target - (_x[i] * _lower[i]) - (earlier.X[i] * earlier.Lower[i]);
            uppers[i] = target - (_room[i] * _upper[i]) + (earlier.X[i] * earlier.Upper[i]);
            // The last term takes back what rounding did to the dual equations.
            right[i] += (lowers[i] / _x[i]) - (uppers[i] / _room[i]) - (_penalty + slopes[i] - _lower[i] + _upper[i]);
        }

        _normal.Solve(right, step.X);
        for (var i = 0; i < _people; i++)
        {
            step.Lower[i] = (lowers[i] - (_lower[i] * step.X[i])) / _x[i];
            step.Upper[i] = (uppers[i] + (_upper[i] * step.X[i])) / _room[i];
        }

        var moved = Product(step.X);
        for (var q = 0; q < load.Length; q++)
        {
            step.Z[q] = weights[q] * (moved[q] - load[q]);
            step.Over[q] = (overs[q] + (_over[q] * step.Z[q])) / (1 - _z[q]);
            step.Under[q] = (unders[q] - (_under[q] * step.Z[q])) / (1 + _z[q]);
        }

        return step;
    }

    private (double Primal, double Dual) Lengths(Direction step)
    {
        var (primal, dual) = (1.0, 1.0);
        for (var i = 0; i < _people; i++)
        {
            primal = Math.Min(primal, Math.Min(Length(_x[i], step.X[i]), Length(_room[i], -step.X[i])));
            dual = Math.Min(dual, Math.Min(Length(_lower[i], step.Lower[i]), Length(_upper[i], step.Upper[i])));
        }

        for (var q = 0; q < _z.Length; q++)
        {
            primal = Math.Min(primal, Math.Min(Length(_over[q], step.Over[q]), Length(_under[q], step.Under[q])));
            dual = Math.Min(dual, Math.Min(Length(1 - _z[q], -step.Z[q]), Length(1 + _z[q], step.Z[q])));
        }

        return (primal, dual);

        static double Length(double value, double change) => change < 0 ? -value / change : 1;
    }

    private double Complement(Direction step, double primal, double dual)
    {
        var sum = 0.0;
        for (var i = 0; i < _people; i++)
        {
            sum += (_x[i] + (primal * step.X[i])) * (_lower[i] + (dual * step.Lower[i]));
            sum += (_room[i] - (primal * step.X[i])) * (_upper[i] + (dual * step.Upper[i]));
        }

        for (var q = 0; q < _z.Length; q++)
        {
            var z = _z[q] + (dual * step.Z[q]);
            sum += ((_over[q] + (primal * step.Over[q])) * (1 - z)) + ((_under[q] + (primal * step.Under[q])) * (1 + z));
        }

        return sum;
    }

    private void Move(Direction step, double primal, double dual)
    {
        for (var i = 0; i < _people; i++)
        {
            _x[i] += primal * step.X[i];
            _room[i] -= primal * step.X[i];
            _lower[i] += dual * step.Lower[i];
            _upper[i] += dual * step.Upper[i];
        }

        for (var q = 0; q < _z.Length; q++)
        {
            _z[q] += dual * step.Z[q];
            _over[q] += primal * step.Over[q];
            _under[q] += primal * step.Under[q];
        }
    }

    /// <summary>The optimum.</summary>
    /// <param name="Values">x.</param>
    /// <param name="Multipliers">One for each row, from -1 to 1.</param>
    /// <param name="Objective">The objective at x.</param>
    /// <param name="LowerBound">What the multipliers prove no x to be below.</param>
    internal sealed record Fit(double[] Values, double[] Multipliers, double Objective, double LowerBound);

    private sealed class Direction(int people, int rows)
    {
        public double[] X { get; } = new double[people];

        public double[] Lower { get; } = new double[people];

        public double[] Upper { get; } = new double[people];

        public double[] Z { get; } = new double[rows];

        public double[] Over { get; } = new double[rows];

        public double[] Under { get; } = new double[rows];
    }

    /// <summary>A^T W A + diag(e) = L L^T, by rows of the lower triangle.</summary>
    private sealed class Cholesky(int size)
    {
        private static readonly int _width = Vector256<double>.Count;

        private readonly double[][] _rows = [.. Enumerable.Range(0, size).Select(_ => new double[(size + _width - 1) / _width * _width])];

        public void Factor(IReadOnlyList<int[]> ones, double[] weights, double[] diagonal)
        {
            for (var i = 0; i < size; i++)
            {
                Array.Clear(_rows[i]);
                _rows[i][i] = diagonal[i];
            }

            var weighted = new double[_rows[0].Length];
            for (var q = 0; q < weights.Length; q++)
            {
                Array.Clear(weighted);
                foreach (var i in ones[q])
                {
                    weighted[i] = weights[q];
                }

                var source = MemoryMarshal.Cast<double, Vector256<double>>(weighted);
                foreach (var i in ones[q])
                {
                    var target = MemoryMarshal.Cast<double, Vector256<double>>(_rows[i].AsSpan());
                    for (var k = 0; k <= i / _width; k++)
                    {
                        target[k] += source[k];
                    }
                }
            }

            var ridge = Ridge * Enumerable.Range(0, size).Max(i => _rows[i][i]);
            for (var i = 0; i < size; i++)
            {
                _rows[i][i] += ridge;
            }

            Factor();
        }

        public void Solve(double[] right, double[] solution)
        {
            for (var i = 0; i < size; i++)
            {
                solution[i] = (right[i] - Dot(_rows[i], solution, i)) / _rows[i][i];
            }

            for (var i = size - 1; i >= 0; i--)
            {
                solution[i] /= _rows[i][i];
                for (var k = 0; k < i; k++)
                {
                    solution[k] -= _rows[i][k] * solution[i];
                }
            }
        }

        private static double Dot(double[] left, double[] right, int length)
        {
            var sum = 0.0;
            for (var k = 0; k < length; k++)
            {
                sum += left[k] * right[k];
            }

            return sum;
        }

        private void Factor()
        {
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    _rows[i][j] = (_rows[i][j] - Dot(_rows[i], _rows[j], j)) / _rows[j][j];
                }

                _rows[i][i] = Math.Sqrt(_rows[i][i] - Dot(_rows[i], _rows[i], i));
            }
        }
    }
}
