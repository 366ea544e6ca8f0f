using System.Security.Cryptography;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;

namespace CleanRoom.Attesters.Tests.Tpm;

/// <summary>A real software TPM behind somebody who extends PCRs at the wrong moment, or garbles answers.</summary>
public class TpmDisturbanceTests
{
    private const uint PcrRead = 0x17E;
    private const uint Quote = 0x158;
    private const uint FlushContext = 0x165;
    private const int Draws = 60;

    private static readonly byte[] _reportData = SHA512.HashData("a question"u8);

    /// <summary>TPM2_PCR_Extend of PCR 14 with one SHA-256 digest and the empty password.</summary>
    private static readonly byte[] _extend = Convert.FromHexString(
        "800200000041000001820000000e00000009" + "400000090000000000" + "00000001000b" + new string('a', 64));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pcr_that_changes_between_quote_and_reading_makes_a_new_quote()
    {
        await using var tpm = await RealTpm.StartAsync();
        var extended = 0;
        var between = new InterposedTpm(tpm.Endpoint) { Before = async (code, send) => await ExtendAsync(code == PcrRead && extended++ == 0, send) };
        using var access = new TpmAccess(between);

        var evidence = TpmEvidence.Read(await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token));

        evidence.Pcrs["14"].Should().NotBe(new string('0', 64));
        evidence.Quote[^32..].Should().Equal(SHA256.HashData([.. evidence.Pcrs
            .OrderBy(pcr => int.Parse(pcr.Key, System.Globalization.CultureInfo.InvariantCulture)).SelectMany(pcr => Convert.FromHexString(pcr.Value))]));
        extended.Should().BeGreaterThan(2, "the values were read again");
    }

    [Fact]
    public async Task Pcr_that_never_holds_still_ends_in_words()
    {
        await using var tpm = await RealTpm.StartAsync();
        var quotes = 0;
        var between = new InterposedTpm(tpm.Endpoint)
        {
            Before = (code, send) => ExtendAsync(code == PcrRead, send),
            Answer = (_, code, answer) =>
            {
                quotes += code == Quote && answer.AsSpan(6, 4).SequenceEqual(new byte[4]) ? 1 : 0;
                return answer;
            },
        };
        using var access = new TpmAccess(between);

        var attest = async () => await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token);

        await attest.Should().ThrowAsync<AttesterException>().WithMessage("*do not change while they are quoted*");
        quotes.Should().Be(3);
    }

    [Fact]
    public async Task Garbled_answer_to_any_command_ends_in_words()
    {
        await using var tpm = await RealTpm.StartAsync();
        var sealedSecret = await SealedAsync(tpm.Endpoint);
        for (var draw = 0; draw < Draws; draw++)
        {
            var target = RandomNumberGenerator.GetInt32(1, 8);
            var between = new InterposedTpm(tpm.Endpoint) { Answer = (number, code, answer) => number == target && code != FlushContext ? Garble(answer) : answer };
            using var access = new TpmAccess(between);
            await OnlyWordsAsync(async () => await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token));

            var again = new InterposedTpm(tpm.Endpoint) { Answer = (number, code, answer) => number == target && code != FlushContext ? Garble(answer) : answer };
            using var sealing = new TpmAccess(again);
            await OnlyWordsAsync(async () =>
            {
                var opened = await new TpmSecretSealer(sealing, PcrSelection.Of(7), new BclCryptoBackend()).UnsealAsync(sealedSecret, default, Token);
                if (opened.TryGet(out var secret, out _))
                {
                    secret.Dispose();
                }
            });
            await tpm.ToolAsync("tpm2_flushcontext --loaded-session", Token);
        }
    }

    [Fact]
    public async Task Retry_is_obeyed_and_has_an_end()
    {
        await using var tpm = await RealTpm.StartAsync();
        byte[] retry = [0x80, 0x01, 0, 0, 0, 10, 0, 0, 0x09, 0x22];
        var between = new InterposedTpm(tpm.Endpoint) { Answer = (_, code, answer) => code == Quote ? retry : answer };
        using var access = new TpmAccess(between);

        var attest = async () => await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token);

        await attest.Should().ThrowAsync<AttesterException>().WithMessage("*wanted Quote to succeed, got response code 0x922");
        (await tpm.ToolAsync("tpm2_getcap handles-transient", Token)).Should().BeEmpty();
    }

    private static TpmAttesterOptions NoLog() => new() { EventLogPath = "none" };

    private static Task ExtendAsync(bool condition, Func<byte[], Task> send) => condition ? send(_extend) : Task.CompletedTask;

    private static async Task OnlyWordsAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (AttesterException exception)
        {
            exception.Message.Should().NotBeEmpty();
        }
    }

    private static async Task<ReadOnlyMemory<byte>> SealedAsync(TpmEndpoint endpoint)
    {
        using var access = new TpmAccess(endpoint);
        using var secret = SecretBytes.Random(32);
        return (await new TpmSecretSealer(access, PcrSelection.Of(7), new BclCryptoBackend()).SealAsync(secret, default, Token)).Memory;
    }

    /// <summary>Another bit, another length, or noise.</summary>
    private static byte[] Garble(byte[] answer)
    {
        switch (RandomNumberGenerator.GetInt32(3))
        {
            case 0:
                answer[RandomNumberGenerator.GetInt32(answer.Length)] ^= (byte)(1 << RandomNumberGenerator.GetInt32(8));
                return answer;
            case 1:
                return answer[..RandomNumberGenerator.GetInt32(answer.Length)];
            default:
                RandomNumberGenerator.Fill(answer.AsSpan(RandomNumberGenerator.GetInt32(answer.Length)));
                return answer;
        }
    }
}
