using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.SevGuest;

/// <summary>The table of certificates that the host hands to a guest. Trust: host-controlled.</summary>
/// <remarks>Entries {GUID 16, offset 4, length 4}, ended by zeros; offsets are from the table's begin. Spec: AMD GHCB 56421 s.4.1.8.1.</remarks>
internal static class SnpCertificateTable
{
    private const int GuidBytes = 16;
    private const int EntryBytes = 24;

    /// <summary>From the report's key to the root, and the root's revocation list.</summary>
    private static readonly Guid[] _wanted =
    [
        new("63da758d-e664-4564-adc5-f4b93be8accd"),
        new("a8074bc2-a25a-483e-aae6-39c045a0b8a1"),
        new("4ab7b379-bbac-4fe4-a02f-05aef327c782"),
        new("c0b406a4-a803-4952-9743-3fb6014cd0ae"),
        new("92f81bc3-5811-4d3d-97ff-d19f88dc67ea"),
    ];

    /// <summary>Returns VCEK, VLEK, ASK, ARK and CRL as far as they are there. A host that garbles its table gives no endorsements; it could as well give none.</summary>
    public static ImmutableArray<Bytes> Endorsements(ReadOnlySpan<byte> table)
    {
        var found = new Dictionary<Guid, Bytes>();
        for (var entry = table; entry.Length >= EntryBytes && entry[..GuidBytes].ContainsAnyExcept((byte)0); entry = entry[EntryBytes..])
        {
            var id = Id(entry[..GuidBytes]);
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[GuidBytes..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(entry[(GuidBytes + sizeof(uint))..]);
            if (length == 0 || (ulong)offset + length > (ulong)table.Length || !found.TryAdd(id, new Bytes(table.Slice((int)offset, (int)length))))
            {
                return [];
            }
        }

        return [.. _wanted.Where(found.ContainsKey).Select(id => found[id])];
    }

    /// <summary>Tools that fill the table write the identifiers in the order of the text or in that of the GUID structure. No two of the known ones meet.</summary>
    private static Guid Id(ReadOnlySpan<byte> bytes)
    {
        var text = new Guid(bytes, bigEndian: true);
        return _wanted.Contains(text) ? text : new Guid(bytes, bigEndian: false);
    }
}
