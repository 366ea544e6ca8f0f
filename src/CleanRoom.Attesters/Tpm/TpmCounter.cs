using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Tpm.Commands;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Counters in the non-volatile memory of a TPM: an area of type counter for each log, and one that is written as a whole beside it.</summary>
/// <remarks>
/// Both are read and written with the log's key alone, in sessions that sign commands and answers. Whoever holds the owner hierarchy can delete them. Such
/// a deletion shows: without the key nobody makes areas that answer, and a counter that is made anew begins above every one that the TPM had (TPM 2.0
/// Library Part 1, NV counters). Spec: contracts/spec/0022 s.3.
/// </remarks>
public sealed class TpmCounter(TpmAccess tpm) : IMachineCounter
{
    private const uint FirstIndex = 0x0180_0000;
    private const uint PairMask = 0x001F_FFFF;
    private const int AttributesOffset = 6;

    /// <inheritdoc/>
    public string Kind => "tpm-nv";

    /// <inheritdoc/>
    public ValueTask<Result<long>> CountFreeAsync(CancellationToken cancellationToken) => GuardAsync<long>(
        async client => await client.TryReadPropertyAsync(TpmConstants.NvCountersAvailable) is { } free
            ? (long)free
            : new Refusal(RefusalCode.Unavailable, $"a tpm at {client.Name} that says how many counters it can keep", "none"),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Result<CounterReading>> ReadAsync(string log, SecretBytes key, CancellationToken cancellationToken) =>
        GuardAsync(client => ReadAsync(client, Pair.Of(log), key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Result<CounterReading>> MakeAsync(string log, SecretBytes key, CancellationToken cancellationToken) => GuardAsync<CounterReading>(
        async client =>
        {
            var pair = Pair.Of(log);
            foreach (var area in new[] { pair.Counter, pair.Mark })
            {
                if (await client.TryReadNvPublicAsync(area.Index) is null)
                {
                    await client.DefineNvAsync(area, key);
                }
            }

            if (!(await FindAsync(client, pair)).TryGet(out var found, out var refusals))
            {
                return refusals;
            }

            if (!found.IsCounterWritten && await SendAsync(client, key, TpmCommand.NvIncrement, pair.Counter, default) is { } notRaised)
            {
                return notRaised;
            }

            return await ReadAsync(client, pair, key);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Refusal?> WriteAsync(string log, SecretBytes key, Bytes mark, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mark.Length, CounterReading.MarkBytes);
        return ChangeAsync(
            log,
            (client, pair, found) =>
            {
                using var parameters = new TpmWriter();
                var bytes = parameters.Sized(mark.Span).U16(0).Written.ToArray();
                return SendAsync(client, key, TpmCommand.NvWrite, found.IsMarkWritten ? pair.Mark.AsWritten() : pair.Mark, bytes);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Refusal?> RaiseAsync(string log, SecretBytes key, CancellationToken cancellationToken) => ChangeAsync(
        log, (client, pair, _) => SendAsync(client, key, TpmCommand.NvIncrement, pair.Counter.AsWritten(), default), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Refusal?> DeleteAsync(string log, CancellationToken cancellationToken)
    {
        var pair = Pair.Of(log);
        var done = await GuardAsync<bool>(
            async client =>
            {
                await client.TryUndefineNvAsync(pair.Counter.Index);
                await client.TryUndefineNvAsync(pair.Mark.Index);
                return true;
            },
            cancellationToken);
        return done.IsAccepted ? null : done.Refusals[0];
    }

    private static async ValueTask<Result<CounterReading>> ReadAsync(TpmClient client, Pair pair, SecretBytes key)
    {
        if (!(await FindAsync(client, pair)).TryGet(out var found, out var refusals))
        {
            return refusals;
        }

        if (!found.IsCounterWritten)
        {
            return CounterReading.None;
        }

        var session = await TpmHmacSession.StartAsync(client, key);
        if (!(await ReadAreaAsync(client, session, pair.Counter.AsWritten())).TryGet(out var count, out refusals))
        {
            return refusals;
        }

        var mark = default(Bytes);
        if (found.IsMarkWritten && !(await ReadAreaAsync(client, session, pair.Mark.AsWritten())).TryGet(out mark, out refusals))
        {
            return refusals;
        }

        return new CounterReading(IsMade: true, BinaryPrimitives.ReadUInt64BigEndian(count.Span), mark);
    }

    /// <summary>What the TPM says of the areas is not signed. It only decides what is asked next, under a name that is this library's own.</summary>
    private static async ValueTask<Result<Found>> FindAsync(TpmClient client, Pair pair)
    {
        var written = new bool[2];
        var areas = new[] { pair.Counter, pair.Mark };
        for (var place = 0; place < areas.Length; place++)
        {
            var got = await client.TryReadNvPublicAsync(areas[place].Index);
            if (got is null)
            {
                return new Found(IsCounterWritten: false, IsMarkWritten: false);
            }

            written[place] = got.AsSpan().SequenceEqual(areas[place].AsWritten().ToPublic());
            if (!written[place] && !got.AsSpan().SequenceEqual(areas[place].ToPublic()))
            {
                return new Refusal(
                    RefusalCode.Unavailable,
                    $"nv 0x{areas[place].Index:x8} with attributes 0x{areas[place].Attributes:x8}, no policy and {areas[place].Bytes} bytes",
                    $"another area, attributes 0x{AttributesOf(got):x8}");
            }
        }

        return new Found(written[0], written[1]);
    }

    private static uint AttributesOf(ReadOnlySpan<byte> area) =>
        area.Length < AttributesOffset + sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32BigEndian(area[AttributesOffset..]) & ~TpmNvArea.Written;

    private static async ValueTask<Result<Bytes>> ReadAreaAsync(TpmClient client, TpmHmacSession session, TpmNvArea area)
    {
        using var parameters = new TpmWriter();
        var reply = await session.TryAsync(TpmCommand.NvRead, area, parameters.U16(area.Bytes).U16(0).Written.ToArray());
        if (!reply.IsDone)
        {
            return Refused(area, reply);
        }

        var data = new TpmReader(reply.Parameters.Span).Sized();
        return data.Length == area.Bytes
            ? new Bytes(data)
            : throw new AttesterException($"{client.Name}: wanted {area.Bytes} bytes of nv 0x{area.Index:x8}, got {data.Length}");
    }

    private static async ValueTask<Refusal?> SendAsync(TpmClient client, SecretBytes key, TpmCommand command, TpmNvArea area, ReadOnlyMemory<byte> parameters)
    {
        var session = await TpmHmacSession.StartAsync(client, key);
        var reply = await session.TryAsync(command, area, parameters);
        return reply.IsDone ? null : Refused(area, reply);
    }

    private static Refusal Refused(TpmNvArea area, TpmReply reply) => new(
        RefusalCode.Unavailable, $"nv 0x{area.Index:x8} of the tpm that was made with this room's key", string.Create(CultureInfo.InvariantCulture, $"response code 0x{reply.Code:x3}"));

    private async ValueTask<Refusal?> ChangeAsync(string log, Func<TpmClient, Pair, Found, ValueTask<Refusal?>> change, CancellationToken cancellationToken)
    {
        var done = await GuardAsync<bool>(
            async client =>
            {
                var pair = Pair.Of(log);
                return (await FindAsync(client, pair)).TryGet(out var found, out var refusals)
                    ? await change(client, pair, found) is { } refusal ? refusal : true
                    : refusals;
            },
            cancellationToken);
        return done.IsAccepted ? null : done.Refusals[0];
    }

    private async ValueTask<Result<T>> GuardAsync<T>(Func<TpmClient, ValueTask<Result<T>>> sequence, CancellationToken cancellationToken)
        where T : notnull
    {
        try
        {
            return await tpm.UseAsync(sequence, cancellationToken);
        }
        catch (AttesterException exception)
        {
            return new Refusal(RefusalCode.Unavailable, $"a tpm at {tpm.Name} that keeps the counter", exception.Message);
        }
    }

    private sealed record Found(bool IsCounterWritten, bool IsMarkWritten);

    /// <summary>The two areas of a log: an even index and the next one.</summary>
    private sealed record Pair(TpmNvArea Counter, TpmNvArea Mark)
    {
        public static Pair Of(string log)
        {
            var digest = Digest.Labelled("cleanroom/v1/counter-index", Encoding.UTF8.GetBytes(log)).ToArray();
            var even = FirstIndex + (2 * (BinaryPrimitives.ReadUInt32BigEndian(digest) & PairMask));
            return new(TpmNvArea.Counter(even), TpmNvArea.Whole(even + 1, CounterReading.MarkBytes));
        }
    }
}
