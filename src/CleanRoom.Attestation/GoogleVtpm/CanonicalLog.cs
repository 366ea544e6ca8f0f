using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>One record of a canonical event log.</summary>
/// <param name="IsRtmr">Whether it was extended into a register of TDX, and not of the TPM.</param>
/// <param name="Digests">What was extended, by TPM_ALG_ID.</param>
/// <param name="Kind">What Container-Optimized OS calls the content.</param>
/// <param name="Value">The content.</param>
/// <param name="Hashed">The whole content, from its type on: what the digests are of.</param>
internal sealed record CanonicalRecord(bool IsRtmr, ImmutableSortedDictionary<ushort, Bytes> Digests, byte Kind, Bytes Value, Bytes Hashed);

/// <summary>A canonical event log of Container-Optimized OS whose form is right: what the launcher of Confidential Space was about to start.</summary>
/// <remarks>
/// Trust: attacker-controlled until it replays. Type (1 byte), length (4, big-endian), value. Spec: TCG Canonical Event Log Format s.5.1 (CEL-TLV);
/// source of the contents: google/go-tpm-tools, cel.
/// </remarks>
internal sealed class CanonicalLog(ImmutableArray<CanonicalRecord> records)
{
    /// <summary>The PCR that the launcher extends, and that nothing else does.</summary>
    public const int Register = 13;

    /// <summary>The RTMR that it extends with TDX; the log counts it from 1.</summary>
    public const int Rtmr = 3;

    private const byte NumberType = 0;
    private const byte PcrType = 1;
    private const byte DigestsType = 3;
    private const byte ContentType = 80;
    private const byte RtmrType = 108;
    private const int MaxRecords = 4_096;

    /// <summary>The record behind which the workload may write what it likes.</summary>
    private const byte Separator = 8;

    private static readonly ImmutableArray<string> s_claims = ["containerImageReference", "containerImageDigest", "containerRestartPolicy", "containerImageId"];

    /// <summary>Gets the records in order.</summary>
    public ImmutableArray<CanonicalRecord> Records => records;

    /// <summary>Reads a whole log; null for another form, another register, a number out of its turn, and trailing bytes.</summary>
    public static CanonicalLog? Parse(ReadOnlySpan<byte> log)
    {
        var reader = new ByteReader(log);
        var records = ImmutableArray.CreateBuilder<CanonicalRecord>();
        while (reader.Remaining > 0)
        {
            if (records.Count == MaxRecords || Read(ref reader, records.Count) is not { } record)
            {
                return null;
            }

            records.Add(record);
        }

        return records.Count == 0 ? null : new CanonicalLog(records.ToImmutable());
    }

    /// <summary>Returns the register's value: every digest extended in order.</summary>
    /// <param name="algorithm">One that every record has a digest of.</param>
    public Bytes Replay(ushort algorithm) => new(records.Aggregate(
        new byte[LogHash.Bytes(algorithm)], (value, record) => LogHash.Of(algorithm, [.. value, .. record.Digests[algorithm].Span])));

    /// <summary>Returns what was started, as far as it stands exactly once before the workload could write. Only for a log that replays.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToClaims()
    {
        var own = records.TakeWhile(record => record.Kind != Separator).ToList();
        for (var kind = 0; kind < s_claims.Length; kind++)
        {
            if (own.Where(record => record.Kind == kind).ToList() is [var only])
            {
                yield return KeyValuePair.Create(s_claims[kind], Printable.Text(Encoding.Latin1.GetString(only.Value.Span)));
            }
        }
    }

    private static CanonicalRecord? Read(ref ByteReader reader, int number)
    {
        var (numberType, place) = Take(ref reader);
        var (registerType, register) = Take(ref reader);
        var (digestsType, digests) = Take(ref reader);
        var (contentType, content) = Take(ref reader);
        var isRtmr = registerType == RtmrType;
        var inner = new ByteReader(content.Span);
        var (kind, value) = Take(ref inner);
        var wanted = isRtmr ? Rtmr + 1 : Register;
        return !reader.Failed && inner.IsDone && numberType == NumberType && IsNumber(place, number)
            && (isRtmr || registerType == PcrType) && register.Span is [var index] && index == wanted
            && digestsType == DigestsType && contentType == ContentType && ReadDigests(digests) is { } read
            ? new CanonicalRecord(isRtmr, read, kind, value, Whole(contentType, content))
            : null;
    }

    private static Bytes Whole(byte type, Bytes value)
    {
        var length = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)value.Length);
        return new Bytes([type, .. length, .. value.Span]);
    }

    private static bool IsNumber(Bytes place, int number)
    {
        var reader = new ByteReader(place.Span);
        return reader.UInt64Big() == (ulong)number && reader.IsDone;
    }

    private static ImmutableSortedDictionary<ushort, Bytes>? ReadDigests(Bytes digests)
    {
        var reader = new ByteReader(digests.Span);
        var read = ImmutableSortedDictionary.CreateBuilder<ushort, Bytes>();
        while (reader.Remaining > 0)
        {
            var (algorithm, digest) = Take(ref reader);
            if (reader.Failed || digest.Length == 0 || digest.Length != LogHash.Bytes(algorithm) || !read.TryAdd(algorithm, digest))
            {
                return null;
            }
        }

        return read.ToImmutable();
    }

    private static (byte Type, Bytes Value) Take(ref ByteReader reader)
    {
        var type = reader.Byte();
        return (type, new Bytes(reader.Take(reader.UInt32Big())));
    }
}
