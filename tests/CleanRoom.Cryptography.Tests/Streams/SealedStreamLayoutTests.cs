using System.Security.Cryptography;
using CleanRoom.Cryptography.Streams;
using CsCheck;

namespace CleanRoom.Cryptography.Tests.Streams;

public sealed class SealedStreamLayoutTests
{
    private static readonly Gen<StreamGeometry> s_geometry =
        Gen.Int[60, 300].Select(bytes => new StreamGeometry(bytes, 32, HashAlgorithmName.SHA256));

    [Theory]
    [InlineData(0, 56)]
    [InlineData(65_480, 65_536)]
    [InlineData(65_481, 65_553)]
    [InlineData(131_000, 131_072)]
    public void CiphertextLength_is_header_plus_plaintext_plus_a_tag_a_segment(long plaintext, long ciphertext) =>
        SealedStreamLayout.CiphertextLength(plaintext).Should().Be(ciphertext);

    [Theory]
    [InlineData(0)]
    [InlineData(55)]
    [InlineData(65_537)]
    [InlineData(65_552)]
    [InlineData(131_073)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void PlaintextLength_of_no_stream_is_null(long ciphertext) =>
        SealedStreamLayout.PlaintextLength(ciphertext).Should().BeNull();

    [Fact]
    public void PlaintextLength_inverts_CiphertextLength() =>
        Gen.Select(s_geometry, Gen.Long[0, 5_000]).Sample((geometry, length) =>
            geometry.PlaintextLength(geometry.CiphertextLength(length)) == length);

    [Fact]
    public void PlaintextLength_of_every_other_length_is_null() =>
        s_geometry.Sample(
            geometry =>
            {
                var lengths = Enumerable.Range(0, 1_000).Select(length => geometry.CiphertextLength(length)).ToHashSet();
                return Enumerable.Range(0, 1_000).All(length => lengths.Contains(length) == (geometry.PlaintextLength(length) is not null));
            },
            iter: 20);

    [Fact]
    public void Place_segments_tile_ciphertext_and_plaintext() =>
        Gen.Select(s_geometry, Gen.Long[0, 5_000]).Sample((geometry, length) =>
        {
            var ciphertext = geometry.CiphertextLength(length);
            long atCiphertext = geometry.HeaderBytes, atPlaintext = 0;
            for (var index = 0L; index < geometry.SegmentCount(length); index++)
            {
                var place = geometry.Place(index, ciphertext);
                if (place.CiphertextOffset != atCiphertext || place.PlaintextOffset != atPlaintext
                    || place.IsLast != (index == geometry.SegmentCount(length) - 1))
                {
                    return false;
                }

                atCiphertext += place.CiphertextBytes;
                atPlaintext += place.PlaintextBytes;
            }

            return atCiphertext == ciphertext && atPlaintext == length;
        });

    [Fact]
    public void SegmentsFor_range_is_covered_and_not_exceeded() =>
        Gen.Select(s_geometry, Gen.Long[0, 3_000], Gen.Long[1, 2_000]).Sample((geometry, offset, length) =>
        {
            var range = geometry.SegmentsFor(offset, length);
            var ciphertext = geometry.CiphertextLength(offset + length);
            var first = geometry.Place(range.First, ciphertext);
            var last = geometry.Place(range.First + range.Count - 1, ciphertext);
            return first.PlaintextOffset <= offset && offset < first.PlaintextOffset + first.PlaintextBytes
                && last.PlaintextOffset < offset + length && offset + length <= last.PlaintextOffset + last.PlaintextBytes;
        });

    [Fact]
    public void SegmentsFor_nothing_is_no_segment() => SealedStreamLayout.SegmentsFor(100, 0).Count.Should().Be(0);

    [Fact]
    public void CiphertextLength_more_than_segment_numbers_reach_throws()
    {
        var longest = StreamGeometry.Standard.MaxPlaintextBytes;

        SealedStreamLayout.PlaintextLength(SealedStreamLayout.CiphertextLength(longest)).Should().Be(longest);
        SealedStreamLayout.PlaintextLength(SealedStreamLayout.CiphertextLength(longest) + 17).Should().BeNull();
        var longer = () => SealedStreamLayout.CiphertextLength(longest + 1);
        longer.Should().Throw<ArgumentOutOfRangeException>();
    }
}
