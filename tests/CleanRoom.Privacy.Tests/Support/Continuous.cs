using System.Buffers.Binary;
using CleanRoom.Privacy.Noise;

namespace CleanRoom.Privacy.Tests.Support;

/// <summary>Continuous noise in floating point: the reference of closeness tests, and what the tests of exact noise must reject.</summary>
internal static class Continuous
{
    /// <summary>Scale 1.</summary>
    public static double Laplace(RandomBytes random) => (Bit(random) ? 1 : -1) * -Math.Log(Uniform(random));

    /// <summary>Standard deviation 1.</summary>
    public static double Gaussian(RandomBytes random) => Math.Sqrt(-2 * Math.Log(Uniform(random))) * Math.Cos(2 * Math.PI * Uniform(random));

    private static bool Bit(RandomBytes random) => Uniform(random) < 0.5;

    private static double Uniform(RandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        return ((BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 11) + 0.5) / (1UL << 53);
    }
}
