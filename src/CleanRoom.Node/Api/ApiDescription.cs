using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CleanRoom.Node.Api;

/// <summary>What the OpenAPI document says of itself.</summary>
internal static class ApiDescription
{
    public const string DocumentName = "v1";

    public static Task Transform(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "CleanRoom node",
            Version = "1",
            Description = "Bodies are those inside the confidential channel (contracts/spec/0011): outside it every request but attestation, "
                + $"health and sealed parts is a POST to the same path with the header {ApiRoutes.MethodHeader} and an opaque body.",
        };

        // Where the document was made is not part of the contract.
        document.Servers = [];
        return Task.CompletedTask;
    }

    /// <summary>Says of the formats' own kinds what their text is: a converter writes them, and the framework does not look into one.</summary>
    public static Task Transform(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var info = context.JsonTypeInfo;
        if (PatternOf(Nullable.GetUnderlyingType(info.Type) ?? info.Type) is { } pattern)
        {
            (schema.Type, schema.Pattern) = (JsonSchemaType.String, pattern);
        }
        else if (info.ElementType is { } element && PatternOf(element) is { } ofElements)
        {
            // The framework leaves out what it knows nothing of.
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = ofElements };
        }

        return Task.CompletedTask;
    }

    // contracts/spec/0001 s.3: base64 with padding and zero unused bits, lower-case hex, a moment to the millisecond.
    private static string? PatternOf(Type type) =>
        type == typeof(Bytes) ? "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
        : type == typeof(Digest) ? "^[0-9a-f]{64}$"
        : type == typeof(Timestamp) ? "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"
        : null;
}
