using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Cryptography.Tests.Support;
using CsCheck;

namespace CleanRoom.Cryptography.Tests.Streams;

public sealed class SealedStreamReaderTests
{
    private const int Length = 400_000;

    private static readonly byte[] s_aad = "aad"u8.ToArray();

    private static readonly byte[] s_plaintext = SealedStreamTests.Pattern(Length);

    [Fact]
    public async Task ReadAsync_any_range_gives_those_bytes()
    {
        using var dataKey = SecretBytes.Random(32);
        var ciphertext = await SealAsync(dataKey);
        using var reader = await OpenAsync(dataKey, new MemorySealedSource(ciphertext));

        await Gen.Select(Gen.Int[0, Length], Gen.Int[0, 150_000]).SampleAsync(
            async (offset, wanted) =>
            {
                var destination = new byte[Math.Min(wanted, Length - offset)];
                return await reader.ReadAsync(offset, destination, CancellationToken.None) is null
                    && destination.AsSpan().SequenceEqual(s_plaintext.AsSpan(offset, destination.Length));
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task ReadAsync_one_segment_fetches_no_other()
    {
        using var dataKey = SecretBytes.Random(32);
        var source = new RecordingSource(await SealAsync(dataKey));
        using var reader = await OpenAsync(dataKey, source);
        source.Reads.Clear();

        await reader.ReadAsync(70_000, new byte[1_000], TestKeys.Cancel);

        source.Reads.Should().Equal((65_536L, 65_536));
    }

    [Fact]
    public async Task OpenAsync_stream_cut_at_a_segment_is_refused_before_any_read()
    {
        using var dataKey = SecretBytes.Random(32);
        var ciphertext = await SealAsync(dataKey);

        var opened = await SealedStreamReader.OpenAsync(
            TestKeys.Backend, dataKey, s_aad, new MemorySealedSource(ciphertext.AsMemory(0, 65_536 * 3)), TestKeys.Cancel);

        opened.IsAccepted.Should().BeFalse();
    }

    [Fact]
    public async Task ReadAsync_damaged_segment_is_refused_and_leaves_nothing()
    {
        using var dataKey = SecretBytes.Random(32);
        var ciphertext = await SealAsync(dataKey);
        ciphertext[(65_536 * 2) + 5] ^= 1;
        using var reader = await OpenAsync(dataKey, new MemorySealedSource(ciphertext));
        var destination = new byte[200_000];

        var refusal = await reader.ReadAsync(0, destination, TestKeys.Cancel);

        refusal.Should().NotBeNull();
        destination.Should().OnlyContain(b => b == 0);
        (await reader.ReadAsync(0, new byte[100], TestKeys.Cancel)).Should().BeNull("the other segments are whole");
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, Length + 1)]
    [InlineData(Length, 1)]
    public async Task ReadAsync_outside_the_stream_throws(long offset, int length)
    {
        using var dataKey = SecretBytes.Random(32);
        using var reader = await OpenAsync(dataKey, new MemorySealedSource(await SealAsync(dataKey)));

        var read = async () => await reader.ReadAsync(offset, new byte[length], TestKeys.Cancel);

        await read.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task ReadAsync_from_a_file_like_stream_gives_those_bytes()
    {
        using var dataKey = SecretBytes.Random(32);
        using var file = new MemoryStream(await SealAsync(dataKey));
        using var reader = await OpenAsync(dataKey, new StreamSealedSource(file));
        var destination = new byte[10];

        await reader.ReadAsync(Length - 10, destination, TestKeys.Cancel);

        destination.Should().Equal(s_plaintext[^10..]);
    }

    [Fact]
    public async Task BclSealedSegments_every_segment_opens_in_its_place_only()
    {
        using var dataKey = SecretBytes.Random(32);
        var ciphertext = await SealAsync(dataKey);
        using var segments = BclSealedSegments.Create(dataKey, s_aad, ciphertext.AsSpan(0, 40), ciphertext.Length).Value;
        var plaintext = new byte[Length];
        var count = SealedStreamLayout.SegmentsFor(0, segments.PlaintextLength).Count;

        for (var index = 0L; index < count; index++)
        {
            var place = segments.Place(index);
            segments.TryOpen(
                index,
                ciphertext.AsSpan((int)place.CiphertextOffset, place.CiphertextBytes),
                plaintext.AsSpan((int)place.PlaintextOffset, place.PlaintextBytes)).Should().BeTrue();
        }

        plaintext.Should().Equal(s_plaintext);
        var second = segments.Place(1);
        var elsewhere = new byte[second.PlaintextBytes];
        segments.TryOpen(2, ciphertext.AsSpan((int)second.CiphertextOffset, second.CiphertextBytes), elsewhere).Should().BeFalse();
        elsewhere.Should().OnlyContain(b => b == 0);
    }

    [Fact]
    public async Task BclSealedSegments_claimed_shorter_length_does_not_open_its_last_segment()
    {
        using var dataKey = SecretBytes.Random(32);
        var ciphertext = await SealAsync(dataKey);
        using var segments = BclSealedSegments.Create(dataKey, s_aad, ciphertext.AsSpan(0, 40), 65_536 * 2).Value;

        var opened = segments.TryOpen(1, ciphertext.AsSpan(65_536, 65_536), new byte[65_520]);

        opened.Should().BeFalse();
    }

    [Fact]
    public void BclSealedSegments_impossible_length_or_header_is_refused()
    {
        using var dataKey = SecretBytes.Random(32);
        byte[] header = [40, .. new byte[39]];

        BclSealedSegments.Create(dataKey, s_aad, header, 55).IsAccepted.Should().BeFalse();
        BclSealedSegments.Create(dataKey, s_aad, [41, .. header[1..]], 56).IsAccepted.Should().BeFalse();
        BclSealedSegments.Create(dataKey, s_aad, header.AsSpan(0, 39), 56).IsAccepted.Should().BeFalse();
    }

    private static ValueTask<byte[]> SealAsync(SecretBytes dataKey) =>
        SealedStream.SealAsync(TestKeys.Backend, dataKey, s_aad, s_plaintext, TestKeys.Cancel);

    private static async Task<SealedStreamReader> OpenAsync(SecretBytes dataKey, ISealedSource source) =>
        (await SealedStreamReader.OpenAsync(TestKeys.Backend, dataKey, s_aad, source, TestKeys.Cancel)).Value;

    private sealed class RecordingSource(byte[] bytes) : ISealedSource
    {
        private readonly MemorySealedSource _inner = new(bytes);

        public List<(long Offset, int Length)> Reads { get; } = [];

        public long Length => _inner.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            Reads.Add((offset, destination.Length));
            return _inner.ReadAsync(offset, destination, cancellationToken);
        }
    }
}
