using System.Text;
using CleanRoom.Privacy.Noise;

namespace CleanRoom.Privacy.Tests.Support;

/// <summary>Streams of one fixed, public seed, so that a failure can be seen again.</summary>
internal static class TestNoise
{
    private static readonly NoiseSeed _seed = new([.. Enumerable.Range(0, NoiseSeed.Length).Select(i => (byte)i)]);

    public static MeteredNoise Stream(string label, ulong index = 0) => new(_seed.Stream(Encoding.UTF8.GetBytes(label), index));

    /// <summary>Draws so many values of a sampler, each as a machine integer.</summary>
    public static long[] Draws(int count, string label, Func<RandomBytes, System.Numerics.BigInteger> draw)
    {
        using var random = Stream(label);
        var values = new long[count];
        for (var i = 0; i < count; i++)
        {
            random.BeginDraw();
            values[i] = (long)draw(random);
        }

        return values;
    }
}
