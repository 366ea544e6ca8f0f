using System.Text.Json;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Grains.Datasets;

/// <summary>Sealed ingest reports as bytes.</summary>
public static class SealedReports
{
    /// <summary>Writes a report.</summary>
    public static byte[] Encode(SealedReport report) => JsonSerializer.SerializeToUtf8Bytes(report, ApiJsonContext.Default.SealedReport);

    /// <summary>Reads a report of this store. Null stays null.</summary>
    /// <exception cref="JsonException">The host changed the bytes. The owner would have noticed by itself.</exception>
    public static SealedReport? Decode(byte[]? encoded) =>
        encoded is null ? null : JsonSerializer.Deserialize(encoded, ApiJsonContext.Default.SealedReport);
}
