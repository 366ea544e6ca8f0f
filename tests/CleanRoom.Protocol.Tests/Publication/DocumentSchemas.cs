using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;
using JsonArray = System.Text.Json.Nodes.JsonArray;
using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>JSON Schemas (2020-12) of all documents, derived from the records.</summary>
internal static class DocumentSchemas
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";
    private const string Base64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";
    private const string Hex = "^[0-9a-f]{64}$";
    private const string Time = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$";

    private static readonly Dictionary<Type, string> _patterns = new()
    {
        [typeof(Digest)] = Hex,
        [typeof(Bytes)] = Base64,
        [typeof(Timestamp)] = Time,
        [typeof(decimal)] = "^(?!-0(\\.0+)?$)-?(0|[1-9][0-9]*)(\\.[0-9]+)?$",
    };

    /// <summary>Returns file name to content.</summary>
    public static IReadOnlyDictionary<string, byte[]> All()
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var derived in DocumentJsonContext.Default.Document.PolymorphismOptions!.DerivedTypes)
        {
            var type = (string)derived.TypeDiscriminator!;
            var schema = Export(DocumentJsonContext.Default.GetTypeInfo(derived.DerivedType)!);
            schema["properties"]!.AsObject().Insert(0, "type", new JsonObject { ["const"] = type });
            schema["required"]!.AsArray().Insert(0, "type");
            Add(files, type["cleanroom/v1/".Length..], schema);
        }

        var receipt = Export(DocumentJsonContext.Default.Receipt);
        receipt["properties"]!["_type"] = new JsonObject { ["const"] = Receipt.StatementType };
        receipt["properties"]!["predicateType"] = new JsonObject { ["const"] = Receipt.PredicateTypeV1 };
        receipt["properties"]!["subject"]!["minItems"] = 1;
        receipt["properties"]!["subject"]!["maxItems"] = 1;
        Add(files, "receipt", receipt);
        Add(files, "envelope", Envelope());
        Add(files, "row", Row());
        return files;
    }

    private static void Add(SortedDictionary<string, byte[]> files, string name, JsonObject schema)
    {
        schema.Insert(0, "$schema", Dialect);
        schema.Insert(1, "$id", $"urn:cleanroom:schema:v1:{name}");
        files.Add($"{name}.schema.json", CommittedFiles.Indented(schema));
    }

    private static JsonObject Export(JsonTypeInfo typeInfo) => typeInfo
        .GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform })
        .AsObject();

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var isNullable = type != context.TypeInfo.Type;
        if (_patterns.TryGetValue(type, out var pattern))
        {
            schema = Text(pattern, isNullable);
        }
        else if ((ElementOf(type) ?? context.TypeInfo.ElementType) is { } element && _patterns.TryGetValue(element, out pattern))
        {
            // The exporter knows nothing of types with their own converters and leaves their items unconstrained.
            schema[context.TypeInfo.Kind == JsonTypeInfoKind.Dictionary ? "additionalProperties" : "items"] = Text(pattern, isNullable: false);
        }
        else if (type == typeof(int) || type == typeof(long))
        {
            schema["minimum"] = type == typeof(int) ? int.MinValue : -JsonInteger.MaxMagnitude;
            schema["maximum"] = type == typeof(int) ? int.MaxValue : JsonInteger.MaxMagnitude;
        }
        else if (type.IsEnum && schema is JsonObject words && !words.ContainsKey("type"))
        {
            words.Insert(0, "type", "string");
        }

        return Absence(context) switch
        {
            // A member that is absent instead of null or false never holds null or false.
            JsonIgnoreCondition.WhenWritingNull => WithoutNull(schema),
            JsonIgnoreCondition.WhenWritingDefault => new JsonObject { ["const"] = true },
            _ => schema,
        };
    }

    /// <summary>Of a list that may be absent the exporter says the list itself, not what it holds.</summary>
    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? type.GetGenericArguments()[0] : null;

    private static JsonObject Text(string pattern, bool isNullable) =>
        new() { ["type"] = isNullable ? new JsonArray("string", "null") : "string", ["pattern"] = pattern };

    private static JsonIgnoreCondition? Absence(JsonSchemaExporterContext context) =>
        context.PropertyInfo?.AttributeProvider is MemberInfo member ? member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition : null;

    private static JsonNode WithoutNull(JsonNode schema)
    {
        if (schema is JsonObject o && o["type"] is JsonArray { Count: 2 } types)
        {
            o["type"] = types[0]!.DeepClone();
        }

        return schema;
    }

    private static JsonObject Envelope() => JsonNode.Parse($$"""
        {
          "type": "object",
          "properties": {
            "payload": {"type": "string", "pattern": "{{Escaped(Base64)}}", "maxLength": 1398104},
            "payloadType": {"type": "string", "pattern": "^[!-~]{1,128}$"},
            "signatures": {
              "type": "array",
              "minItems": 1,
              "maxItems": 64,
              "items": {
                "oneOf": [
                  {
                    "type": "object",
                    "properties": {
                      "keyid": {"type": "string", "pattern": "{{Hex}}"},
                      "kind": {"const": "es256"},
                      "sig": {"type": "string", "pattern": "{{Escaped(Base64)}}", "minLength": 88, "maxLength": 88}
                    },
                    "required": ["keyid", "kind", "sig"],
                    "additionalProperties": false
                  },
                  {
                    "type": "object",
                    "properties": {
                      "authenticatorData": {"type": "string", "pattern": "{{Escaped(Base64)}}", "minLength": 52, "maxLength": 52},
                      "clientDataJSON": {"type": "string", "pattern": "{{Escaped(Base64)}}", "minLength": 4, "maxLength": 5464},
                      "keyid": {"type": "string", "pattern": "{{Hex}}"},
                      "kind": {"const": "webauthn"},
                      "sig": {"type": "string", "pattern": "{{Escaped(Base64)}}", "minLength": 88, "maxLength": 88}
                    },
                    "required": ["authenticatorData", "clientDataJSON", "keyid", "kind", "sig"],
                    "additionalProperties": false
                  }
                ]
              }
            }
          },
          "required": ["payload", "payloadType", "signatures"],
          "additionalProperties": false
        }
        """)!.AsObject();

    private static JsonObject Row() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["envelope"] = Envelope(),
            ["sequence"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = JsonInteger.MaxMagnitude },
            ["time"] = new JsonObject { ["type"] = "string", ["pattern"] = Time },
        },
        ["required"] = new JsonArray("envelope", "sequence", "time"),
        ["additionalProperties"] = false,
    };

    private static string Escaped(string pattern) => pattern.Replace("\\", "\\\\", StringComparison.Ordinal);
}
