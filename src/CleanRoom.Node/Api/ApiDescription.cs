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
}
