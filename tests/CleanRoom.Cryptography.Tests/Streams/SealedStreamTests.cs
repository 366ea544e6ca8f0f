using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Cryptography.Tests.Streams;

public sealed class SealedStreamTests
{
    private const int Segment = SealedStreamLayout.SegmentBytes;

    private static readonly byte[] s_aad = "aad"u8.ToArray();

    [Fact]
    public async Task SealAsync_worked_vector_is_reproduced()
    {
        var vector = Vectors.Own("sealed-stream.json");
        using var dataKey = vector["dataKey"].Secret();
        foreach (var test in vector["valid"].Items())
        {
            var ciphertext = await SealVectorAsync(vector, dataKey, test["plaintextBytes"].Int());

            ciphertext.Length.Should().Be(test["ciphertextBytes"].Int());
            Digest.Of(ciphertext).ToString().Should().Be(test["ciphertextSha256"].Text());
            if (test["ciphertext"] is { } whole)
            {
                ciphertext.Should().Equal(whole.Hex());
            }

            var opened = await SealedStream.OpenAsync(TestKeys.Backend, dataKey, vector["aad"].Hex(), ciphertext, TestKeys.Cancel);
            opened.Value.Should().Equal(Pattern(test["plaintextBytes"].Int()));
        }
    }

    [Fact]
    public async Task OpenAsync_worked_failures_are_refused()
    {
        var vector = Vectors.Own("sealed-stream.json");
        using var dataKey = vector["dataKey"].Secret();
        foreach (var test in vector["invalid"].Items())
        {
            var ciphertext = await SealVectorAsync(vector, dataKey, test["plaintextBytes"].Int());
            var aad = vector["aad"].Hex();
            var key = SecretBytes.CopyOf(dataKey.Span);
            foreach (var change in test["changes"].Items())
            {
                ciphertext = Change(ciphertext, change);
                aad = change["aad"] is { } other ? other.Hex() : aad;
                key = change["dataKey"] is { } otherKey ? otherKey.Secret() : key;
            }

            var opened = await SealedStream.OpenAsync(TestKeys.Backend, key, aad, ciphertext, TestKeys.Cancel);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task OpenAsync_published_layout_vectors_open_and_seal_alike()
    {
        var backend = new AnyKeySizeBackend();
        foreach (var vector in Vectors.Shared("streaming-aead/tink-aes-gcm-hkdf.json").Items())
        {
            var geometry = new StreamGeometry(
                vector["ciphertextSegmentSizeBytes"].Int(),
                vector["derivedAesGcmKeySizeBytes"].Int(),
                new HashAlgorithmName(vector["hkdfHash"].Text()));
            using var inputKey = vector["ikmHex"].Secret();
            var aad = vector["associatedDataHex"].Hex();
            var ciphertext = vector["ciphertextHex"].Hex();
            var header = SealedStreamHeader.Parse(geometry, ciphertext.AsSpan(0, geometry.HeaderBytes)).Value;

            var opened = await SealedStream.OpenAsync(geometry, backend, inputKey, aad, ciphertext, TestKeys.Cancel);
            var again = await SealedStream.SealAsync(
                geometry, backend, header, inputKey, aad, vector["plaintextHex"].Hex(), TestKeys.Cancel);

            opened.Value.Should().Equal(vector["plaintextHex"].Hex());
            again.Should().Equal(ciphertext, vector["name"].Text());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_479)]
    [InlineData(65_480)]
    [InlineData(65_481)]
    [InlineData(131_000)]
    [InlineData(131_001)]
    [InlineData(400_000)]
    public async Task SealAsync_from_stream_opens_in_memory(int length)
    {
        using var dataKey = SecretBytes.Random(32);
        using var output = new MemoryStream();

        // Short reads, as from a socket.
        using var input = new TrickleStream(Pattern(length));
        var sealedBytes = await SealedStream.SealAsync(TestKeys.Backend, dataKey, s_aad, input, output, TestKeys.Cancel);

        sealedBytes.Should().Be(length);
        output.Length.Should().Be(SealedStreamLayout.CiphertextLength(length));
        var opened = await SealedStream.OpenAsync(TestKeys.Backend, dataKey, s_aad, output.ToArray(), TestKeys.Cancel);
        opened.Value.Should().Equal(Pattern(length));
    }

    [Fact]
    public async Task SealAsync_twice_gives_different_streams()
    {
        using var dataKey = SecretBytes.Random(32);

        var first = await SealedStream.SealAsync(TestKeys.Backend, dataKey, s_aad, new byte[10], TestKeys.Cancel);
        var second = await SealedStream.SealAsync(TestKeys.Backend, dataKey, s_aad, new byte[10], TestKeys.Cancel);

        first.AsSpan(1, 39).SequenceEqual(second.AsSpan(1, 39)).Should().BeFalse("salt and prefix are fresh");
        first.AsSpan(40).SequenceEqual(second.AsSpan(40)).Should().BeFalse();
    }

    [Fact]
    public async Task OpenAsync_any_flipped_bit_is_refused()
    {
        using var dataKey = SecretBytes.Random(32);
        var ciphertext = await SealedStream.SealAsync(TestKeys.Backend, dataKey, s_aad, Pattern(70_000), TestKeys.Cancel);

        await Gen.Select(Gen.Int[0, ciphertext.Length - 1], Gen.Int[0, 7]).SampleAsync(
            async (offset, bit) =>
            {
                var changed = ciphertext.ToArray();
                changed[offset] ^= (byte)(1 << bit);
                return !(await SealedStream.OpenAsync(TestKeys.Backend, dataKey, s_aad, changed, CancellationToken.None)).IsAccepted;
            },
            iter: 200);
    }

    [Fact]
    public async Task OpenAsync_every_shorter_stream_is_refused()
    {
        using var dataKey = SecretBytes.Random(32);
        var geometry = new StreamGeometry(64, 32, HashAlgorithmName.SHA256);
        var ciphertext = await SealedStream.SealAsync(
            geometry, TestKeys.Backend, SealedStreamHeader.Create(geometry), dataKey, s_aad, Pattern(200), TestKeys.Cancel);

        for (var length = 0; length < ciphertext.Length; length++)
        {
            var opened = await SealedStream.OpenAsync(
                geometry, TestKeys.Backend, dataKey, s_aad, ciphertext.AsMemory(0, length), TestKeys.Cancel);
            opened.IsAccepted.Should().BeFalse($"{length} of {ciphertext.Length} bytes are not the stream");
        }
    }

    internal static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];

    private static ValueTask<byte[]> SealVectorAsync(JsonNode vector, SecretBytes dataKey, int plaintextBytes) => SealedStream.SealAsync(
        StreamGeometry.Standard,
        TestKeys.Backend,
        SealedStreamHeader.Create(StreamGeometry.Standard, vector["salt"].Hex(), vector["prefix"].Hex()),
        dataKey,
        vector["aad"].Hex(),
        Pattern(plaintextBytes),
        TestKeys.Cancel);

    private static byte[] Change(byte[] bytes, JsonNode change)
    {
        if (change["flip"] is { } flip)
        {
            bytes[flip.Int() < 0 ? bytes.Length + flip.Int() : flip.Int()] ^= 1;
        }

        if (change["keep"] is { } keep)
        {
            bytes = bytes[..keep.Int()];
        }

        if (change["append"] is { } append)
        {
            bytes = [.. bytes, .. append.Hex()];
        }

        if (change["repeat"] is { } repeat)
        {
            bytes = [.. bytes[..repeat[1].Int()], .. bytes[repeat[0].Int()..]];
        }

        if (change["remove"] is { } remove)
        {
            bytes = [.. bytes[..remove[0].Int()], .. bytes[remove[1].Int()..]];
        }

        if (change["swapSegments"] is { } swap)
        {
            var (a, b) = (swap[0].Int() * Segment, swap[1].Int() * Segment);
            bytes = [.. bytes[..a], .. bytes[b..(b + Segment)], .. bytes[(a + Segment)..b], .. bytes[a..(a + Segment)], .. bytes[(b + Segment)..]];
        }

        return bytes;
    }
}
