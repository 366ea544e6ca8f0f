using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class HistorySealingTests
{
    private static readonly byte[] _state = [.. Enumerable.Range(0, 70_000).Select(i => (byte)i)];
    private static readonly HistoryPosition _position = new("485d8b001ec9", Digest.Of("manifest"u8), Digest.Of("state"u8));

    [Fact]
    public async Task OpenAsync_the_state_of_its_place_comes_back()
    {
        using var key = SecretBytes.CopyOf(new byte[32]);
        var blob = await HistorySealing.SealAsync(TestKeys.Backend, key, _position, _state, TestKeys.Cancel);

        (await HistorySealing.OpenAsync(TestKeys.Backend, key, _position, blob, TestKeys.Cancel)).Value.Should().Equal(_state);
        (await HistorySealing.SealAsync(TestKeys.Backend, key, _position, _state, TestKeys.Cancel)).Should().NotEqual(blob);
    }

    [Fact]
    public async Task OpenAsync_in_another_place_or_with_another_key_is_refused()
    {
        using var key = SecretBytes.CopyOf(new byte[32]);
        using var other = SecretBytes.CopyOf([.. Enumerable.Repeat((byte)1, 32)]);
        var blob = await HistorySealing.SealAsync(TestKeys.Backend, key, _position, _state, TestKeys.Cancel);

        foreach (var position in new[]
        {
            _position with { Collaboration = "485d8b001ec8" },
            _position with { ManifestDigest = Digest.Of("another"u8) },
            _position with { Commitment = Digest.Of("older"u8) },
        })
        {
            ShouldRefuse(await HistorySealing.OpenAsync(TestKeys.Backend, key, position, blob, TestKeys.Cancel));
        }

        ShouldRefuse(await HistorySealing.OpenAsync(TestKeys.Backend, other, _position, blob, TestKeys.Cancel));
        ShouldRefuse(await HistorySealing.OpenAsync(TestKeys.Backend, key, _position, blob.AsMemory(..^1), TestKeys.Cancel));
        ShouldRefuse(await SealedStream.OpenAsync(TestKeys.Backend, key, _position.AssociatedData(), blob, TestKeys.Cancel));
    }

    [Fact]
    public void AssociatedData_is_canonical() => System.Text.Encoding.UTF8.GetString(_position.AssociatedData()).Should().Be(
        $$"""{"collaboration":"485d8b001ec9","commitment":"{{_position.Commitment}}","manifestDigest":"{{_position.ManifestDigest}}"}""");

    private static void ShouldRefuse(Result<byte[]> opened) => opened.Refusals.Select(refusal => refusal.Code).Should().Equal(RefusalCode.SealInvalid);
}
