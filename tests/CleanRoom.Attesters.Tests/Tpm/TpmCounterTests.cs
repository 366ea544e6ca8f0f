using System.Runtime.Versioning;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Tpm;

/// <summary>What a TPM keeps of a log, and what whoever holds its owner hierarchy can do about it. Against a software TPM.</summary>
[SupportedOSPlatform("linux")]
public class TpmCounterTests
{
    private const string Log = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>Where the counter of <see cref="Log"/> is. Vector: contracts/vectors/crypto/counter.json.</summary>
    private const string Index = "0x018fe414";
    private const uint NvRead = 0x14E;

    private static readonly byte[] _key = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Bytes Mark(byte value) => new([.. Enumerable.Repeat(value, CounterReading.MarkBytes)]);

    [Fact]
    public async Task RaiseAsync_goes_up_by_one_and_lasts_over_a_loss_of_power()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var key = SecretBytes.CopyOf(_key);
        ulong first;
        using (var access = new TpmAccess(tpm.Endpoint))
        {
            var counter = new TpmCounter(access);
            (await counter.ReadAsync(Log, key, Token)).Value.Should().Be(CounterReading.None);
            var made = (await counter.MakeAsync(Log, key, Token)).Value;
            made.Mark.Length.Should().Be(0);
            first = made.Count;
            (await counter.WriteAsync(Log, key, Mark(1), Token)).Should().BeNull();
            (await counter.WriteAsync(Log, key, Mark(2), Token)).Should().BeNull();
            (await counter.RaiseAsync(Log, key, Token)).Should().BeNull();
            (await counter.MakeAsync(Log, key, Token)).Value.Count.Should().Be(first + 1, "what is there is not made again");
        }

        await tpm.RestartAsync(Token);
        using var after = new TpmAccess(tpm.Endpoint);

        (await new TpmCounter(after).ReadAsync(Log, key, Token)).Value.Should().Be(new CounterReading(true, first + 1, Mark(2)));
    }

    [Fact]
    public async Task Other_key_neither_reads_nor_raises_nor_writes()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var counter = new TpmCounter(access);
        using var key = SecretBytes.CopyOf(_key);
        using var other = SecretBytes.Random(32);
        var made = (await counter.MakeAsync(Log, key, Token)).Value;
        await counter.WriteAsync(Log, key, Mark(1), Token);

        (await counter.ReadAsync(Log, other, Token)).Refusals[0].Got.Should().StartWith("response code 0x9");
        (await counter.RaiseAsync(Log, other, Token))!.Got.Should().StartWith("response code 0x9");
        (await counter.WriteAsync(Log, other, Mark(9), Token))!.Got.Should().StartWith("response code 0x9");

        (await counter.ReadAsync(Log, key, Token)).Value.Should().Be(new CounterReading(true, made.Count, Mark(1)));
    }

    [Fact]
    public async Task Owner_of_the_tpm_neither_reads_nor_raises_nor_writes()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        using var key = SecretBytes.CopyOf(_key);
        await new TpmCounter(access).MakeAsync(Log, key, Token);

        foreach (var line in new[] { $"tpm2_nvread -C o {Index}", $"tpm2_nvincrement -C o {Index}", $"tpm2_nvincrement -C {Index} {Index}" })
        {
            var act = async () => await tpm.ToolAsync(line, Token);
            await act.Should().ThrowAsync<InvalidOperationException>(line);
        }
    }

    [Fact]
    public async Task Counter_that_its_owner_deleted_and_made_again_does_not_answer_and_begins_above_the_old_one()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var counter = new TpmCounter(access);
        using var key = SecretBytes.CopyOf(_key);
        await counter.MakeAsync(Log, key, Token);
        for (var raise = 0; raise < 4; raise++)
        {
            await counter.RaiseAsync(Log, key, Token);
        }

        var before = (await counter.ReadAsync(Log, key, Token)).Value.Count;
        await tpm.ToolAsync($"tpm2_nvundefine -C o {Index}", Token);
        (await counter.ReadAsync(Log, key, Token)).Value.Should().Be(CounterReading.None);

        // The same attributes, so the same name; but not the key.
        await tpm.ToolAsync($"tpm2_nvdefine -C o {Index} -s 8 -g sha256 -a authread|authwrite|no_da|nt=counter -p known", Token);
        await tpm.ToolAsync($"tpm2_nvincrement -C {Index} -P known {Index}", Token);
        (await counter.ReadAsync(Log, key, Token)).Refusals[0].Got.Should().StartWith("response code 0x9");

        // Nor does who knows the key bring it back to where it was.
        await tpm.ToolAsync($"tpm2_nvundefine -C o {Index}", Token);
        await tpm.ToolAsync($"tpm2_nvdefine -C o {Index} -s 8 -g sha256 -a authread|authwrite|no_da|nt=counter -p hex:{Convert.ToHexStringLower(_key)}", Token);
        await tpm.ToolAsync($"tpm2_nvincrement -C {Index} -P hex:{Convert.ToHexStringLower(_key)} {Index}", Token);
        (await counter.ReadAsync(Log, key, Token)).Value.Count.Should().BeGreaterThan(before);
    }

    [Fact]
    public async Task Area_of_other_attributes_is_refused_with_both()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var counter = new TpmCounter(access);
        using var key = SecretBytes.CopyOf(_key);
        await counter.MakeAsync(Log, key, Token);
        await tpm.ToolAsync($"tpm2_nvundefine -C o {Index}", Token);
        await tpm.ToolAsync($"tpm2_nvdefine -C o {Index} -s 8 -g sha256 -a authread|authwrite|ownerread|no_da|nt=counter -p hex:{Convert.ToHexStringLower(_key)}", Token);

        var refused = (await counter.ReadAsync(Log, key, Token)).Refusals[0];

        refused.Wanted.Should().Contain("attributes 0x02040014");
        refused.Got.Should().Contain("attributes 0x02060014");
        (await counter.MakeAsync(Log, key, Token)).Refusals[0].Should().Be(refused);
    }

    [Fact]
    public async Task Answer_that_the_way_to_the_tpm_changed_is_refused()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var key = SecretBytes.CopyOf(_key);
        using (var access = new TpmAccess(tpm.Endpoint))
        {
            await new TpmCounter(access).MakeAsync(Log, key, Token);
        }

        // The eight bytes of the value stand after header, parameter size and their own length.
        var between = new InterposedTpm(tpm.Endpoint)
        {
            Answer = (_, code, answer) =>
            {
                if (code == NvRead)
                {
                    answer[16 + 7] ^= 1;
                }

                return answer;
            },
        };
        using var forged = new TpmAccess(between);

        (await new TpmCounter(forged).ReadAsync(Log, key, Token)).Refusals[0].Got.Should().Contain("knows the area's key");
    }

    [Fact]
    public async Task DeleteAsync_leaves_nothing_and_may_be_repeated()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var counter = new TpmCounter(access);
        using var key = SecretBytes.CopyOf(_key);
        var free = (await counter.CountFreeAsync(Token)).Value;
        await counter.MakeAsync(Log, key, Token);

        (await counter.DeleteAsync(Log, Token)).Should().BeNull();
        (await counter.DeleteAsync(Log, Token)).Should().BeNull();

        (await counter.ReadAsync(Log, key, Token)).Value.IsMade.Should().BeFalse();
        (await counter.CountFreeAsync(Token)).Value.Should().Be(free).And.BePositive();
    }

    [Fact]
    public async Task Absent_tpm_is_refused_at_every_call()
    {
        using var access = new TpmAccess(new TpmEndpoint("127.0.0.1", 1));
        var counter = new TpmCounter(access);
        using var key = SecretBytes.CopyOf(_key);

        (await counter.ReadAsync(Log, key, Token)).Refusals[0].Code.Should().Be(RefusalCode.Unavailable);
        (await counter.MakeAsync(Log, key, Token)).Refusals[0].Code.Should().Be(RefusalCode.Unavailable);
        (await counter.WriteAsync(Log, key, Mark(1), Token))!.Code.Should().Be(RefusalCode.Unavailable);
        (await counter.RaiseAsync(Log, key, Token))!.Code.Should().Be(RefusalCode.Unavailable);
        (await counter.DeleteAsync(Log, Token))!.Code.Should().Be(RefusalCode.Unavailable);
        (await counter.CountFreeAsync(Token)).Refusals[0].Code.Should().Be(RefusalCode.Unavailable);
    }
}
