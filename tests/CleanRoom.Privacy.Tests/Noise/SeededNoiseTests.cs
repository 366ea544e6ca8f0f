using System.Globalization;
using System.Text.Json;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Tests.Support;

namespace CleanRoom.Privacy.Tests.Noise;

public class SeededNoiseTests
{
    [Fact]
    public void Fill_gives_the_bytes_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("noise.json", "streams"))
        {
            using var stream = VectorNoise.Stream(entry);
            var bytes = new byte[100];
            stream.Fill(bytes);
            Convert.ToHexStringLower(bytes).Should().Be(entry.Text("first100Bytes"));
        }
    }

    [Fact]
    public void Fill_in_pieces_gives_the_bytes_of_one_piece()
    {
        using var whole = TestNoise.Stream("pieces");
        using var pieces = TestNoise.Stream("pieces");
        var (expected, got) = (new byte[400], new byte[400]);
        whole.Fill(expected);
        for (var (at, length) = (0, 0); at < got.Length; at += length, length = Math.Min(length + 1, got.Length - at))
        {
            pieces.Fill(got.AsSpan(at, length));
        }

        got.Should().Equal(expected);
    }

    [Fact]
    public void Stream_does_not_depend_on_what_was_drawn_before()
    {
        using var first = TestNoise.Stream("a");
        first.Fill(new byte[1000]);
        using var after = TestNoise.Stream("b");
        using var alone = TestNoise.Stream("b");
        First(after).Should().Equal(First(alone));
    }

    [Fact]
    public void Streams_of_different_labels_and_indexes_differ()
    {
        // A label that ends like the next index, and the other way round.
        (string Label, ulong Index)[] names = [("", 0), ("a", 0), ("a", 1), ("a\0", 0), ("\0\0\0\u0001", 0), ("", 1), ("", ulong.MaxValue)];
        names.Select(name => Convert.ToHexString(First(TestNoise.Stream(name.Label, name.Index)))).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Dispose_ends_the_stream_and_the_seed()
    {
        var seed = new NoiseSeed(new byte[NoiseSeed.Length]);
        var stream = seed.Stream("a"u8, 0);
        stream.Fill(new byte[1]);
        stream.Dispose();
        seed.Dispose();

        stream.Invoking(it => it.Fill(new byte[1])).Should().Throw<ObjectDisposedException>();
        seed.Invoking(it => it.Stream("a"u8, 0)).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Dispose_zeroes_every_secret_byte()
    {
        var seed = new NoiseSeed([.. Enumerable.Repeat((byte)7, NoiseSeed.Length)]);
        var stream = seed.Stream("a"u8, 0);
        stream.Fill(new byte[1]);
        var secrets = Secrets(seed).Concat(Secrets(stream)).ToList();

        // The seed and the block; the stream's key is the library's, which zeroes it when it is given up.
        secrets.Should().HaveCount(2).And.OnlyContain(bytes => bytes.Any(b => b != 0));

        stream.Dispose();
        seed.Dispose();

        secrets.Should().OnlyContain(bytes => bytes.All(b => b == 0));
    }

    [Fact]
    public void Seed_of_another_length_throws()
    {
        FluentActions.Invoking(() => new NoiseSeed(new byte[31])).Should().Throw<ArgumentException>().WithMessage("wanted 32 bytes, got 31*");
        FluentActions.Invoking(() => TestNoise.Stream(new string('a', NoiseSeed.MaxLabelBytes + 1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Seed_and_stream_print_nothing()
    {
        using var seed = new NoiseSeed(new byte[NoiseSeed.Length]);
        using var stream = seed.Stream("a"u8, 0);
        $"{seed} {stream}".Should().Be("[redacted] [redacted]");
    }

    private static byte[] First(RandomBytes stream)
    {
        var bytes = new byte[32];
        stream.Fill(bytes);
        return bytes;
    }

    private static IEnumerable<byte[]> Secrets(object holder) => holder.GetType()
        .GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
        .Select(field => field.GetValue(holder)).OfType<byte[]>();
}

/// <summary>The streams that <c>contracts/vectors/privacy/noise.json</c> names.</summary>
internal static class VectorNoise
{
    private static readonly byte[] _seed =
        Convert.FromHexString(JsonDocument.Parse(SharedVectors.CommittedText("noise.json")).RootElement.GetProperty("seed").GetString()!);

    public static MeteredNoise Stream(JsonElement entry)
    {
        using var seed = new NoiseSeed(_seed);
        return new(seed.Stream(Convert.FromHexString(entry.Text("label")), ulong.Parse(entry.Text("index"), CultureInfo.InvariantCulture)));
    }

    public static IReadOnlyList<string> Draws(JsonElement entry, Func<RandomBytes, string> draw)
    {
        using var stream = Stream(entry);
        return [.. entry.GetProperty("draws").EnumerateArray().Select(_ =>
        {
            stream.BeginDraw();
            return draw(stream);
        })];
    }

    public static IReadOnlyList<string> Expected(JsonElement entry) => [.. entry.GetProperty("draws").EnumerateArray().Select(draw => draw.GetString()!)];
}
