using System.Numerics;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Numerics;

namespace CleanRoom.Privacy.Tests.Support;

/// <summary>One statistical test case of Google's collection: two neighbouring data sets and the parameters of the answer.</summary>
internal sealed class DpCase
{
    private readonly TextProto _sampling;

    private DpCase(TextProto message, string kind)
    {
        _sampling = message.Child($"{kind}_sampling_parameters");
        var test = message.Child("dp_test_parameters");
        Name = message.Text("name");
        (Epsilon, Delta, Tolerance) = (test.Number("epsilon"), test.Number("delta"), test.Number("delta_tolerance"));
        Granularity = Values.Exact(test.TextOr("granularity", "1"));
        Laplace = _sampling.Text("noise_type") == "LAPLACE";
        MaxGroups = (int)_sampling.Number("max_partitions_contributed");
        MaxRows = int.Parse(_sampling.TextOr("max_contributions_per_partition", "1"), System.Globalization.CultureInfo.InvariantCulture);
        Lower = Values.Exact(_sampling.TextOr("lower_bound", "0"));
        Upper = Values.Exact(_sampling.TextOr("upper_bound", "1"));
    }

    public string Name { get; }

    public double Epsilon { get; }

    public double Delta { get; }

    public double Tolerance { get; }

    public Rational Granularity { get; }

    public bool Laplace { get; }

    public int MaxGroups { get; }

    public int MaxRows { get; }

    public Rational Lower { get; }

    public Rational Upper { get; }

    public static IReadOnlyList<DpCase> Read(string kind) =>
        [.. TextProto.Parse(SharedVectors.Text($"{kind}_dp_test_cases.textproto")).Children($"{kind}_dp_test_case").Select(message => new DpCase(message, kind))];

    /// <summary>The entries of the two data sets.</summary>
    public (IReadOnlyList<Rational> Raw, IReadOnlyList<Rational> Neighbour) Entries(string field) =>
        ([.. _sampling.Texts(field).Select(Values.Exact)], [.. _sampling.Texts($"neighbour_{field}").Select(Values.Exact)]);

    /// <summary>The mechanism with a part of the case's budget.</summary>
    /// <param name="parts">How many mechanisms share the budget.</param>
    public NoiseMechanism Mechanism(Sensitivity sensitivity, int parts = 1)
    {
        var epsilon = Values.Exact(_sampling.Texts("epsilon").Single());
        if (Laplace)
        {
            return new LaplaceMechanism(sensitivity, (long)(epsilon * 1_000_000_000 / parts).Floor());
        }

        return new GaussianMechanism(sensitivity, ZcdpConversion.NanoRho(epsilon, Values.Exact(_sampling.Text("delta"))) / parts);
    }

    public override string ToString() => Name;
}

/// <summary>Draws of mechanisms, kept, since many test cases have the same noise.</summary>
internal sealed class NoisePool(int samples)
{
    private readonly Dictionary<string, long[]> _draws = [];

    /// <param name="side">Two sides are independent.</param>
    public long[] Draws(NoiseMechanism mechanism, string side)
    {
        var scale = mechanism is GaussianMechanism gaussian ? $"g{gaussian.SigmaSquared}" : $"l{((LaplaceMechanism)mechanism).Scale}";
        if (!_draws.TryGetValue(scale + side, out var draws))
        {
            draws = TestNoise.Draws(samples, scale + side, mechanism.Draw);
            _draws[scale + side] = draws;
        }

        return draws;
    }

    /// <summary>A width that makes about ten values of the noise's bulk: fewer values, less that sampling adds.</summary>
    public static long Bucket(NoiseMechanism mechanism) => Math.Max(1, (long)(mechanism.HalfWidth(Calibration.Exceeded) / 5));

    public static long[] Answers(long[] noise, BigInteger value, long bucket) => [.. noise.Select(z => Floor(z + (long)value, bucket))];

    private static long Floor(long value, long bucket) => (value - (((value % bucket) + bucket) % bucket)) / bucket;
}
