using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Protocol;

namespace CleanRoom.Datasets.Check;

/// <summary>JSON of reports. Spec: contracts/spec/0007 s.7.</summary>
public static class IngestReportCodec
{
    /// <summary>The largest report that is read, in bytes.</summary>
    public const int LargestBytes = 8 << 20;

    /// <summary>Writes a report.</summary>
    public static byte[] Encode(IngestReport report) => JsonSerializer.SerializeToUtf8Bytes(report, DatasetJsonContext.Default.IngestReport);

    /// <summary>Writes an inspection.</summary>
    public static byte[] Encode(DatasetInspection inspection) =>
        JsonSerializer.SerializeToUtf8Bytes(inspection, DatasetJsonContext.Default.DatasetInspection);

    /// <summary>Reads a report.</summary>
    /// <returns>The report, or <see cref="RefusalCode.DocumentTooLarge"/> or <see cref="RefusalCode.JsonInvalid"/>.</returns>
    public static Result<IngestReport> Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > LargestBytes)
        {
            return new Refusal(RefusalCode.DocumentTooLarge, $"at most {LargestBytes} bytes of ingest report", $"{json.Length} bytes");
        }

        try
        {
            return JsonSerializer.Deserialize(json, DatasetJsonContext.Default.IngestReport) is { } report
                ? report
                : new Refusal(RefusalCode.JsonInvalid, "an ingest report", "null");
        }
        catch (JsonException bad)
        {
            return new Refusal(RefusalCode.JsonInvalid, "an ingest report", $"other json at byte {bad.BytePositionInLine ?? 0}");
        }
    }
}

/// <summary>The source-generated readers and writers of this project.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8)]
[JsonSerializable(typeof(IngestReport))]
[JsonSerializable(typeof(DatasetInspection))]
internal sealed partial class DatasetJsonContext : JsonSerializerContext;
