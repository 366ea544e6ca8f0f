using CleanRoom.Grains.Telemetry;
using CleanRoom.Node.Configuration;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CleanRoom.Node.Telemetry;

/// <summary>Traces and metrics as OTLP, without party data: routes and status, never a query string, a body or a name of a party.</summary>
internal static class NodeTelemetry
{
    private const string ServiceName = "cleanroom-node";

    public static void AddCleanRoomTelemetry(this WebApplicationBuilder builder, NodeOptions options)
    {
        if (options.OtlpEndpoint is not { } endpoint)
        {
            return;
        }

        var address = new Uri(endpoint);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName))
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.Orleans.Runtime")
                .AddAspNetCoreInstrumentation(instrumentation => instrumentation.EnrichWithHttpRequest = (activity, request) =>
                {
                    // The path names collaborations and queries by digest: those are as public as the size of a request. The query string is not kept.
                    activity.SetTag("url.query", null);
                })
                .AddOtlpExporter(exporter => exporter.Endpoint = address))
            .WithMetrics(metrics => metrics
                .AddMeter(RoomMetrics.MeterName, "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddOtlpExporter(exporter => exporter.Endpoint = address));
    }
}
