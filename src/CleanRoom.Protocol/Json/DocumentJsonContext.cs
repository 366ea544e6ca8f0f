using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Json;

/// <summary>The source-generated readers and writers of all documents; nothing is found by reflection, so the browser build can be trimmed.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowOutOfOrderMetadataProperties = true,
    MaxDepth = 32,
    Converters = [typeof(DecimalJsonConverter)])]
[JsonSerializable(typeof(Document))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(QueryTemplate))]
[JsonSerializable(typeof(NodeAttestation))]
internal sealed partial class DocumentJsonContext : JsonSerializerContext;
