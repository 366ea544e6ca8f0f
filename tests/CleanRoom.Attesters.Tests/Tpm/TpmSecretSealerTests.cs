using System.Security.Cryptography;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Attesters.Tpm.Commands;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Tpm;

/// <summary>Sealing to a real software TPM.</summary>
public class TpmSecretSealerTests
{
    /// <summary>TPM_RC_AUTH_UNAVAILABLE: the object has no such authorisation.</summary>
    private const uint AuthorisationUnavailable = 0x12F;

    private static readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] _context = "a collaboration"u8.ToArray();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4_096)]
    public async Task Secret_opens_after_a_restart(int length)
    {
        await using var tpm = await RealTpm.StartAsync();
        var content = RandomNumberGenerator.GetBytes(length);
        var sealedSecret = await SealAsync(tpm.Endpoint, content);

        await tpm.RestartAsync(Token);
        var opened = await UnsealAsync(tpm.Endpoint, sealedSecret.Memory, _context);

        using var secret = opened.Value;
        secret.Span.ToArray().Should().Equal(content);
    }

    [Fact]
    public async Task Changed_pcrs_are_refused_and_each_is_named()
    {
        await using var tpm = await RealTpm.StartAsync();
        var sealedSecret = await SealAsync(tpm.Endpoint, _secret);
        await tpm.ToolAsync($"tpm2_pcrextend 14:sha256={new string('a', 64)} 4:sha256={new string('b', 64)} 10:sha256={new string('c', 64)}", Token);

        var opened = await UnsealAsync(tpm.Endpoint, sealedSecret.Memory, _context);

        opened.Refusals.Select(refusal => (refusal.Code, refusal.Wanted[..6])).Should().Equal(
            (RefusalCode.SealInvalid, "pcr 4 "), (RefusalCode.SealInvalid, "pcr 14"));
    }

    [Fact]
    public async Task Tpm_itself_refuses_changed_pcrs_when_the_header_is_made_to_agree()
    {
        await using var tpm = await RealTpm.StartAsync();
        var selection = PcrSelection.Of(14);
        var sealedSecret = (await SealAsync(tpm.Endpoint, _secret, selection)).ToArray();
        await tpm.ToolAsync($"tpm2_pcrextend 14:sha256={new string('a', 64)}", Token);
        SHA256.HashData([.. new byte[32], .. Enumerable.Repeat((byte)0xaa, 32)]).CopyTo(sealedSecret, 8);

        var opened = await UnsealAsync(tpm.Endpoint, sealedSecret, _context);

        opened.Refusals.Single().Wanted.Should().Be("an object whose policy is the pcrs of its header");
        opened.Refusals.Single().Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Object_does_not_open_with_the_empty_password_instead_of_the_policy()
    {
        await using var tpm = await RealTpm.StartAsync();
        var header = TpmSealHeader.Parse((await SealAsync(tpm.Endpoint, _secret)).Memory).Value.Header;
        using var access = new TpmAccess(tpm.Endpoint);

        var code = await access.UseAsync(
            async client =>
            {
                var parent = await client.CreatePrimaryAsync(TpmConstants.Owner, TpmTemplates.StorageKey());
                var loaded = await client.TryLoadAsync(parent, header.Object);
                return (await client.TryUnsealAsync(loaded.Handle, TpmConstants.PasswordSession)).Code;
            },
            Token);

        (code & 0xfff).Should().Be(AuthorisationUnavailable);
    }

    [Fact]
    public async Task Another_context_is_refused()
    {
        await using var tpm = await RealTpm.StartAsync();
        var sealedSecret = await SealAsync(tpm.Endpoint, _secret);

        (await UnsealAsync(tpm.Endpoint, sealedSecret.Memory, "another"u8.ToArray())).Refusals.Single().Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Another_tpm_is_refused()
    {
        await using var tpm = await RealTpm.StartAsync();
        await using var other = await RealTpm.StartAsync();
        var sealedSecret = await SealAsync(tpm.Endpoint, _secret);

        var opened = await UnsealAsync(other.Endpoint, sealedSecret.Memory, _context);

        opened.Refusals.Single().Wanted.Should().Be("an object that this tpm sealed");
    }

    [Fact]
    public async Task Every_changed_byte_is_refused()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var sealer = new TpmSecretSealer(access, PcrSelection.Of(14), new BclCryptoBackend());
        using var secret = SecretBytes.CopyOf(_secret);
        var sealedSecret = (await sealer.SealAsync(secret, _context, Token)).ToArray();

        for (var place = 0; place < sealedSecret.Length; place++)
        {
            sealedSecret[place] ^= 1;
            var opened = await sealer.UnsealAsync(sealedSecret, _context, Token);
            opened.Refusals.Should().NotBeEmpty($"byte {place} was changed").And.OnlyContain(refusal => refusal.Code == RefusalCode.SealInvalid);
            sealedSecret[place] ^= 1;
        }
    }

    [Fact]
    public async Task Every_shorter_form_is_refused()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var sealer = new TpmSecretSealer(access, PcrSelection.Of(14), new BclCryptoBackend());
        using var secret = SecretBytes.CopyOf(_secret);
        var sealedSecret = (await sealer.SealAsync(secret, _context, Token)).ToArray();

        for (var length = 0; length < sealedSecret.Length; length++)
        {
            (await sealer.UnsealAsync(sealedSecret.AsMemory(0, length), _context, Token)).Refusals.Single().Code.Should().Be(RefusalCode.SealInvalid);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4_097)]
    public async Task Secret_of_another_length_is_the_callers_fault(int length)
    {
        using var access = new TpmAccess(new TpmDevice("/nowhere"));
        using var secret = SecretBytes.CopyOf(new byte[length]);

        var seal = async () => await new TpmSecretSealer(access, PcrSelection.Default, new BclCryptoBackend()).SealAsync(secret, _context, Token);

        await seal.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    private static async Task<Bytes> SealAsync(TpmEndpoint endpoint, byte[] content, PcrSelection? pcrs = null)
    {
        using var access = new TpmAccess(endpoint);
        using var secret = SecretBytes.CopyOf(content);
        return await new TpmSecretSealer(access, pcrs ?? PcrSelection.Default, new BclCryptoBackend()).SealAsync(secret, _context, Token);
    }

    private static async Task<Result<SecretBytes>> UnsealAsync(TpmEndpoint endpoint, ReadOnlyMemory<byte> sealedSecret, byte[] context)
    {
        using var access = new TpmAccess(endpoint);
        return await new TpmSecretSealer(access, PcrSelection.Default, new BclCryptoBackend()).UnsealAsync(sealedSecret, context, Token);
    }
}
