using System.Buffers.Binary;

namespace CleanRoom.Attesters.Tests.SevGuest;

/// <summary>Tables of certificates as a host writes them.</summary>
internal static class CertificateTables
{
    private const int EntryBytes = 24;

    public static byte[] Of(params (string Id, byte[] Content)[] entries) => Of(bigEndian: true, entries);

    public static byte[] Of(bool bigEndian, params (string Id, byte[] Content)[] entries)
    {
        var table = new byte[4_096];
        var end = (entries.Length + 1) * EntryBytes;
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = table.AsSpan(i * EntryBytes);
            new Guid(entries[i].Id).TryWriteBytes(entry, bigEndian, out _);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], end);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], entries[i].Content.Length);
            entries[i].Content.CopyTo(table, end);
            end += entries[i].Content.Length;
        }

        return table;
    }
}
