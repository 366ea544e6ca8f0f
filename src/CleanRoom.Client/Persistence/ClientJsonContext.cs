using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Client.Datasets;

namespace CleanRoom.Client.Persistence;

/// <summary>Readers and writers of what a client keeps for itself.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 16, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(UploadState))]
[JsonSerializable(typeof(RoomRecordForm))]
internal sealed partial class ClientJsonContext : JsonSerializerContext;
