using System.Collections.Immutable;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm.EventLog;

/// <summary>Reads firmware logs. Trust: attacker-controlled.</summary>
/// <remarks>Spec: TCG PC Client Platform Firmware Profile s.10.2 to 10.4; the CCEL of UEFI 2.10 s.38.4 has the same form.</remarks>
internal static class TcgEventLogReader
{
    /// <summary>Most bytes of a log: 4 MiB.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int Sha1Bytes = 20;
    private const int MaxRegister = 23;
    private const int MaxAlgorithms = 8;

    /// <summary>The register of an event that is about none. Only one that is not extended may have it.</summary>
    private const uint NoRegister = 0xFFFF_FFFF;

    private static readonly byte[] s_agileSignature = [.. "Spec ID Event03\0"u8];

    /// <summary>Returns whether the bytes begin as a crypto-agile log does. Cheap, and no promise.</summary>
    public static bool Recognises(ReadOnlySpan<byte> log)
    {
        var reader = new ByteReader(log);
        return ReadSha1Event(ref reader) is { Type: TcgEvent.NoAction } first && first.Data.Span.StartsWith(s_agileSignature);
    }

    /// <summary>Reads a whole log; null for another form, an unknown register, a missing or doubled digest, and bytes behind it but padding.</summary>
    public static TcgEventLog? Parse(ReadOnlySpan<byte> log)
    {
        if (log.Length is 0 or > MaxBytes)
        {
            return null;
        }

        var reader = new ByteReader(log);
        var first = ReadSha1Event(ref reader);
        var isAgile = first is { Type: TcgEvent.NoAction } && first.Data.Span.StartsWith(s_agileSignature);
        if (first is null || (isAgile && ReadAlgorithms(first.Data.Span) is null))
        {
            return null;
        }

        var algorithms = isAgile ? ReadAlgorithms(first.Data.Span)!.Value : [TpmAlgorithms.Sha1];
        var events = ImmutableArray.CreateBuilder<TcgEvent>();
        if (!isAgile)
        {
            events.Add(first);
        }

        while (!IsPadding(log[reader.Position..]))
        {
            if ((isAgile ? ReadAgileEvent(ref reader, algorithms) : ReadSha1Event(ref reader)) is not { } one)
            {
                return null;
            }

            events.Add(one);
        }

        return new TcgEventLog(algorithms, events.ToImmutable());
    }

    /// <summary>A log area may be longer than its events: the rest is all zero, or all one bits in a CCEL.</summary>
    private static bool IsPadding(ReadOnlySpan<byte> rest) => !rest.ContainsAnyExcept((byte)0) || !rest.ContainsAnyExcept((byte)0xFF);

    private static bool IsRegister(uint register, uint type) => register <= MaxRegister || (register == NoRegister && type == TcgEvent.NoAction);

    /// <summary>TCG_PCR_EVENT.</summary>
    private static TcgEvent? ReadSha1Event(ref ByteReader reader)
    {
        var register = reader.UInt32Little();
        var type = reader.UInt32Little();
        var digest = new Bytes(reader.Take(Sha1Bytes));
        var data = new Bytes(reader.Take(reader.UInt32Little()));
        return reader.Failed || !IsRegister(register, type)
            ? null
            : new TcgEvent(unchecked((int)register), type, ImmutableSortedDictionary<ushort, Bytes>.Empty.Add(TpmAlgorithms.Sha1, digest), data);
    }

    /// <summary>TCG_PCR_EVENT2: a digest of every bank that the log has.</summary>
    private static TcgEvent? ReadAgileEvent(ref ByteReader reader, ImmutableArray<ushort> algorithms)
    {
        var register = reader.UInt32Little();
        var type = reader.UInt32Little();
        if (reader.UInt32Little() != algorithms.Length)
        {
            return null;
        }

        var digests = ImmutableSortedDictionary.CreateBuilder<ushort, Bytes>();
        for (var i = 0; i < algorithms.Length; i++)
        {
            var algorithm = reader.UInt16Little();
            if (!algorithms.Contains(algorithm) || !digests.TryAdd(algorithm, new Bytes(reader.Take(LogHash.Bytes(algorithm)))))
            {
                return null;
            }
        }

        var data = new Bytes(reader.Take(reader.UInt32Little()));
        return reader.Failed || !IsRegister(register, type) ? null : new TcgEvent(unchecked((int)register), type, digests.ToImmutable(), data);
    }

    /// <summary>TCG_EfiSpecIDEvent; null for a bank that is not known, or with another length than its own.</summary>
    private static ImmutableArray<ushort>? ReadAlgorithms(ReadOnlySpan<byte> data)
    {
        var reader = new ByteReader(data);
        reader.Take(s_agileSignature.Length);

        // platformClass, then minor, major, errata and uintnSize: they do not change the form.
        reader.Take(sizeof(uint) + (4 * sizeof(byte)));
        var count = reader.UInt32Little();
        if (count is 0 or > MaxAlgorithms)
        {
            return null;
        }

        var algorithms = ImmutableArray.CreateBuilder<ushort>((int)count);
        for (var i = 0; i < count; i++)
        {
            var algorithm = reader.UInt16Little();
            if (reader.UInt16Little() is var size && (size == 0 || size != LogHash.Bytes(algorithm) || algorithms.Contains(algorithm)))
            {
                return null;
            }

            algorithms.Add(algorithm);
        }

        reader.Take(reader.Byte());
        return reader.IsDone ? algorithms.ToImmutable() : null;
    }
}
