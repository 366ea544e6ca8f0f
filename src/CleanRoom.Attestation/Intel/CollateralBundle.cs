using System.Buffers;
using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Text;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>Intel's collateral of one platform in one file, as the Open Enclave SDK writes it. Trust: attacker-controlled, as its parts would be alone.</summary>
/// <remarks>
/// Spec: contracts/spec/attestation/open-enclave. Two forms, little endian: <c>oe_endorsements_t</c> {version 1, enclave type 2, length of the rest but the count, count, offsets, data},
/// and a copy of <c>sgx_ql_qve_collateral_t</c> {version, tee type, 7 times {pointer, length}, the parts}.
/// </remarks>
internal static class CollateralBundle
{
    private const uint OpenEnclaveVersion = 1;
    private const uint OpenEnclaveSgx = 2;
    private const int MaxParts = 16;
    private const int CopiedParts = 7;
    private const uint SgxTee = 0;
    private const byte DerSequence = 0x30;

    /// <summary>The versions are 3.0, 3.1 and 4: the minor version is the upper half.</summary>
    private static readonly ImmutableArray<uint> s_copiedVersions = [0x0000_0003, 0x0001_0003, 0x0000_0004];

    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>Returns the parts, each as Intel's service answers it; the file itself when it is no such bundle.</summary>
    public static ImmutableArray<Bytes> Parts(Bytes file) => OpenEnclaveParts(file.Span) ?? CopiedStructureParts(file.Span) ?? [file];

    private static ImmutableArray<Bytes>? OpenEnclaveParts(ReadOnlySpan<byte> file)
    {
        var reader = new ByteReader(file);
        if (reader.UInt32Little() != OpenEnclaveVersion || reader.UInt32Little() != OpenEnclaveSgx)
        {
            return null;
        }

        var (length, count) = (reader.UInt32Little(), reader.UInt32Little());
        if (count is 0 or > MaxParts)
        {
            return null;
        }

        var ends = new long[count];
        var begin = reader.UInt32Little();
        for (var i = 0; i < count - 1; i++)
        {
            ends[i] = reader.UInt32Little();
        }

        // The length counts the offsets too; they count from behind themselves.
        ends[^1] = reader.Remaining;
        return reader.Failed || begin != 0 || length != reader.Remaining + (count * sizeof(uint)) ? null : Cut(ref reader, ends);
    }

    /// <summary>Parts lie one after the other: an offset before the last one's would give bytes out twice.</summary>
    private static ImmutableArray<Bytes>? Cut(ref ByteReader reader, ReadOnlySpan<long> ends)
    {
        var parts = ImmutableArray.CreateBuilder<Bytes>();
        var begin = 0L;
        foreach (var end in ends)
        {
            parts.Add(Part(reader.Take(end - begin)));
            begin = end;
        }

        return reader.IsDone ? parts.ToImmutable() : null;
    }

    private static ImmutableArray<Bytes>? CopiedStructureParts(ReadOnlySpan<byte> file)
    {
        var reader = new ByteReader(file);
        if (!s_copiedVersions.Contains(reader.UInt32Little()) || reader.UInt32Little() is not (SgxTee or QuoteParser.TdxTee))
        {
            return null;
        }

        var ends = new long[CopiedParts];
        var end = 0L;
        for (var i = 0; i < CopiedParts; i++)
        {
            // An address of the process that wrote it.
            reader.UInt64Little();
            end += (long)Math.Min(reader.UInt64Little(), int.MaxValue);
            ends[i] = end;
        }

        return reader.Failed ? null : Cut(ref reader, ends);
    }

    /// <summary>Takes off the zero that ends a text in C, which stands behind some lists too; lists may be written in hex.</summary>
    private static Bytes Part(ReadOnlySpan<byte> part)
    {
        var withoutZero = part is [.., 0] ? part[..^1] : part;
        if (part is [DerSequence, ..] && AsnDecoder.TryReadEncodedValue(part, AsnEncodingRules.DER, out _, out _, out _, out var consumed))
        {
            return new Bytes(consumed == withoutZero.Length ? withoutZero : part);
        }

        return withoutZero.Length % 2 == 0 && !withoutZero.ContainsAnyExcept(s_hexDigits)
            ? new Bytes(Convert.FromHexString(Encoding.ASCII.GetString(withoutZero)))
            : new Bytes(withoutZero);
    }
}
