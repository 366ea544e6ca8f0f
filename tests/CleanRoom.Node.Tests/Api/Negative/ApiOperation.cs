using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.TestKit;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>A parameter of an operation.</summary>
internal sealed record ApiParameter(string Name, bool IsInPath, bool IsRequired, JsonNode Schema);

/// <summary>One operation of the API's description, contracts/openapi/cleanroom.json: what is not in it is not sent, and what is, is sent by itself.</summary>
internal sealed record ApiOperation(string Id, string Method, string Route, ImmutableArray<ApiParameter> Parameters, string? BodySchema)
{
    private const string SchemaPrefix = "#/components/schemas/";

    private static readonly JsonNode _document = JsonNode.Parse(
        File.ReadAllBytes(RepositoryFiles.Committed("contracts", "openapi", "cleanroom.json")))!;

    /// <summary>Gets every operation.</summary>
    public static ImmutableArray<ApiOperation> All { get; } =
    [
        .. _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => Read(path.Key, method.Key, method.Value!))),
    ];

    /// <summary>Gets a value that says whether it is spoken inside the channel: all but evidence and sealed parts.</summary>
    public bool IsInner => Id is not ("attest" or "code-endorsements" or "destruction" or "put-part");

    /// <summary>Returns the methods that the description has for a route.</summary>
    public static ImmutableArray<string> MethodsOf(string route) => [.. All.Where(operation => operation.Route == route).Select(operation => operation.Method)];

    /// <summary>Returns a schema with its reference followed.</summary>
    public static JsonNode Resolve(JsonNode schema) => schema["$ref"] is { } reference ? Schema(reference.GetValue<string>()[SchemaPrefix.Length..]) : schema;

    /// <summary>Returns a schema by its name.</summary>
    public static JsonNode Schema(string name) => _document["components"]!["schemas"]![name]!;

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Route}";

    private static ApiOperation Read(string route, string method, JsonNode operation) => new(
        operation["operationId"]!.GetValue<string>(),
        method.ToUpperInvariant(),
        route,
        [
            .. (operation["parameters"]?.AsArray() ?? []).Select(parameter => new ApiParameter(
                parameter!["name"]!.GetValue<string>(),
                parameter["in"]!.GetValue<string>() == "path",
                parameter["required"]?.GetValue<bool>() ?? false,
                parameter["schema"]!)),
        ],
        operation["requestBody"]?["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>()[SchemaPrefix.Length..]);
}
