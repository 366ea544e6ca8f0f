using System.Collections.Immutable;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>The table of certificates that a host hands to its guests. Trust: attacker-controlled.</summary>
/// <remarks>
/// Entries {GUID 16, offset 4, length 4}, ended by zeros, offsets from the table's begin, numbers little endian. Spec: AMD GHCB 56421 s.4.1.8.1.
/// The GUIDs are written in the order of the text (RFC 9562) by AMD's tools, and mixed-endian by others. They are labels that nobody signed: what a
/// certificate is shows in the certificate, so the labels are not read here and both orders mean the same.
/// </remarks>
internal static class SnpCertificateTable
{
    private const int GuidBytes = 16;

    /// <summary>Most entries. Tables in use have three or four.</summary>
    private const int MaxEntries = 32;

    /// <summary>Returns the contents; null when the bytes are not such a table.</summary>
    public static ImmutableArray<Bytes>? Contents(Bytes table)
    {
        var reader = new ByteReader(table.Span);
        var entries = new List<(uint Offset, uint Length)>();
        while (true)
        {
            var id = reader.Take(GuidBytes);
            var (offset, length) = (reader.UInt32Little(), reader.UInt32Little());
            if (reader.Failed)
            {
                return null;
            }

            if (!id.ContainsAnyExcept((byte)0))
            {
                break;
            }

            if (entries.Count == MaxEntries)
            {
                return null;
            }

            entries.Add((offset, length));
        }

        // Contents inside the entries, beyond the end, or over one another (which would multiply the bytes) are of no table that a host writes.
        var begin = reader.Position;
        return entries.Count > 0
            && entries.All(entry => entry.Offset >= begin && entry.Length > 0 && (long)entry.Offset + entry.Length <= table.Length)
            && entries.Sum(entry => (long)entry.Length) <= reader.Remaining
            ? [.. entries.Select(entry => new Bytes(table.Span.Slice((int)entry.Offset, (int)entry.Length)))]
            : null;
    }
}
