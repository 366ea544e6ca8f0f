using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>A derived object as the loader reads it: any range, over more segments than are fetched at once. Spec: contracts/spec/0010 s.4.</summary>
public sealed class DerivedSourceTests : IDisposable
{
    private const int Length = (40 * SealedStreamLayout.SegmentBytes) + 17;

    private static readonly byte[] _aad = [1, 2, 3];

    private readonly SecretBytes _key = SecretBytes.Random(32);
    private readonly byte[] _plaintext = RandomNumberGenerator.GetBytes(Length);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, Length)]
    [InlineData(1, Length - 1)]
    [InlineData(0, 1)]
    [InlineData(Length - 1, 1)]
    [InlineData(65_480, 65_520)]
    [InlineData(65_479, 65_522)]
    [InlineData(65_481, 65_518)]
    [InlineData(1_000_000, 1_234_567)]
    public async Task Read_anyRange_isThePlaintext(int offset, int length)
    {
        await using var source = (await OpenAsync(await SealAsync())).Value;
        var read = new byte[length];

        (await source.ReadAsync(offset, read, Stop)).Should().BeNull();

        source.PlaintextLength.Should().Be(Length);
        read.SequenceEqual(_plaintext.AsSpan(offset, length).ToArray()).Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(39)]
    public async Task Read_segmentThatWasChanged_isRefusedAndLeavesNothing(int segment)
    {
        var stored = await SealAsync();
        stored[(segment * SealedStreamLayout.SegmentBytes) + 100] ^= 1;
        await using var source = (await OpenAsync(stored)).Value;
        var read = new byte[Length];

        (await source.ReadAsync(0, read, Stop))!.Code.Should().Be(RefusalCode.SealInvalid);

        read.Should().OnlyContain(value => value == 0);
        (await source.ReadAsync(0, read.AsMemory(0, 100), Stop)).Should().BeNull("another segment is as it was");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(39)]
    [InlineData(SealedStreamLayout.SegmentBytes)]
    [InlineData(40 * SealedStreamLayout.SegmentBytes)]
    public async Task Open_objectThatWasCut_isRefused(int length) =>
        (await OpenAsync((await SealAsync())[..length])).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);

    public void Dispose() => _key.Dispose();

    private async Task<byte[]> SealAsync() => await SealedStream.SealAsync(new BclCryptoBackend(), _key, _aad, _plaintext, Stop);

    private Task<Result<DerivedSource>> OpenAsync(byte[] stored) => DerivedSource.OpenAsync(new MemoryStream(stored), _key, _aad, Stop);
}
