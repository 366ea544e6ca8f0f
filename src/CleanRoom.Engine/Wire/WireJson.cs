using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CleanRoom.Engine.Wire;

/// <summary>The source-generated readers and writers of the frames' headers; strict, nothing by reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    MaxDepth = 8,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ParseHeader))]
[JsonSerializable(typeof(BindHeader))]
[JsonSerializable(typeof(InputsHeader))]
[JsonSerializable(typeof(RunHeader))]
[JsonSerializable(typeof(ReadyHeader))]
[JsonSerializable(typeof(TextHeader))]
[JsonSerializable(typeof(ResultHeader))]
[JsonSerializable(typeof(FailedHeader))]
[JsonSerializable(typeof(ProgressHeader))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Reads a header of the other side.</summary>
    /// <returns>Null when it is not exactly this record.</returns>
    public static T? Read<T>(ReadOnlyMemory<byte> header, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(header.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
