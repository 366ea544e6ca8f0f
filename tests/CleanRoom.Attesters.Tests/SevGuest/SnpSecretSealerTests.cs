using CleanRoom.Attesters.SevGuest;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.SevGuest;

public class SnpSecretSealerTests
{
    private static readonly byte[] _content = [1, 2, 3];
    private static readonly byte[] _context = "a collaboration"u8.ToArray();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secret_opens_again_on_the_same_guest()
    {
        var sealedSecret = await SealAsync(new StandInSevGuest());

        using var opened = (await UnsealAsync(new StandInSevGuest(), sealedSecret)).Value;

        opened.Span.ToArray().Should().Equal(_content);
    }

    [Fact]
    public async Task Request_mixes_policy_image_family_measurement_and_svn()
    {
        var device = new StandInSevGuest { GuestSvn = 3 };

        await SealAsync(device);

        var (number, request) = device.Requests[^1];
        number.Should().Be(StandInSevGuest.GetDerivedKey);
        request.Should().Equal([0, 0, 0, 0, 0, 0, 0, 0, 0x1f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, .. new byte[8]]);
    }

    [Fact]
    public async Task Another_measurement_is_refused() => await RefusedAsync(new StandInSevGuest { Measurement = [2] }, await SealAsync(new StandInSevGuest()));

    [Fact]
    public async Task Guest_of_a_lower_svn_is_refused() => await RefusedAsync(new StandInSevGuest { GuestSvn = 2 }, await SealAsync(new StandInSevGuest { GuestSvn = 3 }));

    [Fact]
    public async Task Guest_of_a_higher_svn_opens_what_the_lower_one_sealed() =>
        (await UnsealAsync(new StandInSevGuest { GuestSvn = 4 }, await SealAsync(new StandInSevGuest { GuestSvn = 3 }))).Value.Dispose();

    [Fact]
    public async Task Another_context_is_refused() =>
        (await UnsealAsync(new StandInSevGuest(), await SealAsync(new StandInSevGuest()), "another"u8.ToArray())).Refusals.Single().Code.Should().Be(RefusalCode.SealInvalid);

    [Fact]
    public async Task Every_changed_byte_and_every_shorter_form_is_refused()
    {
        var device = new StandInSevGuest();
        var sealedSecret = await SealAsync(device);
        for (var place = 0; place < sealedSecret.Length; place++)
        {
            sealedSecret[place] ^= 1;
            await RefusedAsync(device, sealedSecret);
            sealedSecret[place] ^= 1;
            await RefusedAsync(device, sealedSecret[..place]);
        }
    }

    [Fact]
    public async Task Broken_device_is_no_refusal()
    {
        var sealedSecret = await SealAsync(new StandInSevGuest());

        var unseal = async () => await UnsealAsync(new StandInSevGuest { Fails = (_, _) => (19, 0) }, sealedSecret);

        await unseal.Should().ThrowAsync<AttesterException>();
    }

    private static async Task RefusedAsync(StandInSevGuest device, byte[] sealedSecret) =>
        (await UnsealAsync(device, sealedSecret)).Refusals.Single().Code.Should().Be(RefusalCode.SealInvalid);

    private static async Task<byte[]> SealAsync(StandInSevGuest device)
    {
        using var secret = SecretBytes.CopyOf(_content);
        return (await new SnpSecretSealer(device, new BclCryptoBackend()).SealAsync(secret, _context, Token)).ToArray();
    }

    private static async Task<Result<SecretBytes>> UnsealAsync(StandInSevGuest device, byte[] sealedSecret, byte[]? context = null) =>
        await new SnpSecretSealer(device, new BclCryptoBackend()).UnsealAsync(sealedSecret, context ?? _context, Token);
}
