using CleanRoom.Attesters.Sealing;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Sealing;

public class MemorySealerTests
{
    private static readonly byte[] _content = [1, 2, 3];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secret_opens_for_its_context_in_the_same_process_alone()
    {
        using var sealer = new MemorySealer(new BclCryptoBackend());
        using var other = new MemorySealer(new BclCryptoBackend());
        using var secret = SecretBytes.CopyOf(_content);
        var sealedSecret = (await sealer.SealAsync(secret, "one"u8.ToArray(), Token)).ToArray();

        using var opened = (await sealer.UnsealAsync(sealedSecret, "one"u8.ToArray(), Token)).Value;
        opened.Span.ToArray().Should().Equal(_content);
        (await sealer.UnsealAsync(sealedSecret, "two"u8.ToArray(), Token)).Refusals.Single().Code.Should().Be(RefusalCode.SealInvalid);
        (await other.UnsealAsync(sealedSecret, "one"u8.ToArray(), Token)).Refusals.Single().Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Every_changed_byte_and_every_shorter_form_is_refused()
    {
        using var sealer = new MemorySealer(new BclCryptoBackend());
        using var secret = SecretBytes.CopyOf(_content);
        var sealedSecret = (await sealer.SealAsync(secret, default, Token)).ToArray();
        for (var place = 0; place < sealedSecret.Length; place++)
        {
            sealedSecret[place] ^= 1;
            (await sealer.UnsealAsync(sealedSecret, default, Token)).IsAccepted.Should().BeFalse();
            sealedSecret[place] ^= 1;
            (await sealer.UnsealAsync(sealedSecret.AsMemory(0, place), default, Token)).IsAccepted.Should().BeFalse();
        }
    }
}
