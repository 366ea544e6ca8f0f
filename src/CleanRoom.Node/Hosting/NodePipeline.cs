using System.Diagnostics;
using CleanRoom.Node.Api;
using CleanRoom.Node.Channels;
using CleanRoom.Protocol.Api;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace CleanRoom.Node.Hosting;

/// <summary>The order in which a request passes: channel, errors, routes.</summary>
internal static class NodePipeline
{
    private const string ProblemMediaType = "application/problem+json";

    public static void UseCleanRoomNode(this WebApplication app)
    {
        // Errors inside the channel are sealed like every other answer, so their handler comes after it.
        app.UseMiddleware<ChannelMiddleware>();
        app.UseExceptionHandler(errors => errors.Run(WriteErrorAsync));
        app.UseRouting();
        app.MapApi();
        app.MapOpenApi("/v1/openapi.json");
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
    }

    /// <summary>Maps every operation of the API.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapAttestation();
        routes.MapCollaborations();
        routes.MapDatasets();
        routes.MapQueries();
    }

    /// <summary>One answer for whatever went wrong: no message of the exception, no stack; the trace id is in the log too.</summary>
    private static Task WriteErrorAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        context.Response.ContentType = ProblemMediaType;
        var problem = new Problem
        {
            Type = "urn:cleanroom:error:internal",
            Title = $"wanted an answer; got a failure of the node, trace {Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier}",
            Status = StatusCodes.Status500InternalServerError,
            Reasons = [],
        };
        return context.Response.WriteAsJsonAsync(problem, ApiJsonContext.Default.Problem, ProblemMediaType, context.RequestAborted);
    }
}
