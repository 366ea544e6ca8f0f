using System.Collections.Immutable;
using System.Diagnostics;
using CleanRoom.Node.Api;
using CleanRoom.Node.Channels;
using CleanRoom.Node.Cluster;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Portal;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace CleanRoom.Node.Hosting;

/// <summary>The order in which a request passes: channel, errors, routes, the form of messages.</summary>
internal static class NodePipeline
{
    private const string ProblemMediaType = "application/problem+json";

    public static void UseCleanRoomNode(this WebApplication app, NodeRole role)
    {
        if (role is NodeRole.Silo)
        {
            app.UseRouting();
            app.MapHealth();
            return;
        }

        // A question of a browser before a call from another origin is answered before the channel, which could not open it.
        app.UseCors();

        // Errors inside the channel are sealed like every other answer, so their handler comes after it.
        app.UseMiddleware<ChannelMiddleware>();
        app.UseExceptionHandler(errors => errors.Run(WriteErrorAsync));
        app.UseStatusCodePages(status => WriteStatusAsync(status.HttpContext));
        if (role is NodeRole.Gateway)
        {
            app.UseWhen(context => context.Request.Path.StartsWithSegments("/v1"), api => api.UseMiddleware<SilosKnownMiddleware>());
        }

        app.UseRouting();
        app.UseMiddleware<MessageMiddleware>();
        app.MapApi();
        if (PortalFiles.FindBesideProgram() is { } portal)
        {
            app.MapPortal(portal, PortalPolicy.OwnNode);
        }

        app.MapOpenApi("/v1/openapi.json");
        app.MapHealth();
    }

    private static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(NodeServices.ReadyTag) });
    }

    /// <summary>Maps every operation of the API.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapAttestation();
        routes.MapCollaborations();
        routes.MapRecovery();
        routes.MapDatasets();
        routes.MapQueries();
    }

    /// <summary>What the framework itself refuses has no body: an unknown path, another method, a message that does not parse.</summary>
    private static Task WriteStatusAsync(HttpContext context) => WriteAsync(
        context,
        context.Response.StatusCode,
        RefusalCode.DocumentInvalid.Slug(),
        [new ProblemReason(RefusalCode.DocumentInvalid.Slug(), "a request of this API", $"one that is none, status {context.Response.StatusCode}")]);

    /// <summary>One answer for whatever went wrong: a code where the machine has one, no message of the exception, no stack; the trace id is in the log too.</summary>
    private static Task WriteErrorAsync(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        CleanRoomException { Code: var code } => WriteAsync(
            context, Problems.StatusOf(code), code.Slug(), [new ProblemReason(code.Slug(), "a machine that works", "one that does not at present")]),

        // A body that is cut, or in chunks that are none: found while an operation reads it, and the caller's doing.
        BadHttpRequestException bad => RefuseBodyAsync(context, bad.StatusCode),

        // No silo of the cluster, or the one that was asked is gone: another answers when the others know.
        OrleansException or TimeoutException => WriteAsync(
            context,
            Problems.StatusOf(RefusalCode.Unavailable),
            RefusalCode.Unavailable.Slug(),
            [new ProblemReason(RefusalCode.Unavailable.Slug(), "a silo that answers", "none at present")]),
        _ => WriteAsync(context, StatusCodes.Status500InternalServerError, "internal", []),
    };

    private static Task RefuseBodyAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return WriteStatusAsync(context);
    }

    private static Task WriteAsync(HttpContext context, int status, string code, ImmutableArray<ProblemReason> reasons)
    {
        context.Response.StatusCode = status;
        var problem = new Problem
        {
            Type = $"urn:cleanroom:error:{code}",
            Title = $"wanted an answer; got status {status}, trace {Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier}",
            Status = status,
            Reasons = reasons,
        };
        return context.Response.WriteAsJsonAsync(problem, ApiJsonContext.Default.Problem, ProblemMediaType, context.RequestAborted);
    }
}
