using CleanRoom.Node.Admission;
using CleanRoom.Node.Channels;
using CleanRoom.Node.Sessions;
using CleanRoom.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace CleanRoom.Node.Api;

/// <summary>Helpers of endpoints inside the channel.</summary>
internal static class Inner
{
    /// <summary>Gets what a request outside the channel is refused with.</summary>
    public static Refusal NoChannel { get; } = new(RefusalCode.ChannelInvalid, "a request in the confidential channel", "a bare one");

    /// <summary>Refuses requests that did not come through the channel.</summary>
    public static RouteHandlerBuilder RequireChannel(this RouteHandlerBuilder builder) => builder.AddEndpointFilter(async (context, next) =>
        context.HttpContext.Features.Get<ChannelFeature>() is null
            ? Problems.Refuse(NoChannel)
            : await next(context));

    /// <summary>Refuses requests without a session for the collaboration in the path.</summary>
    public static RouteHandlerBuilder RequireSession(this RouteHandlerBuilder builder) => builder.RequireChannel().AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var channel = http.Features.GetRequiredFeature<ChannelFeature>();
        var collaboration = http.Request.RouteValues["collaboration"] as string ?? string.Empty;
        var sessions = http.RequestServices.GetRequiredService<SessionStore>();
        if (!sessions.Find(channel.Authorization, collaboration, channel.BindingDigest).TryGet(out var session, out var refusals))
        {
            return Problems.Refuse(refusals);
        }

        http.Features.Set(session);
        using var admitted = await http.RequestServices.GetRequiredService<AdmissionControl>().RequestAsync(session);
        return admitted.Refusal is null ? await next(context) : Problems.RefuseForNow(admitted, http.Response);
    });

    /// <summary>Has a request that an engine process works for wait for its turn. After <see cref="RequireSession"/>.</summary>
    public static RouteHandlerBuilder RequireTurn(this RouteHandlerBuilder builder) => builder.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        using var admitted = await http.RequestServices.GetRequiredService<AdmissionControl>().AnalysisAsync(http.Session(), http.RequestAborted);
        return admitted.Refusal is null ? await next(context) : Problems.RefuseForNow(admitted, http.Response);
    });

    /// <summary>Counts an answer that goes on, until it has ended. After <see cref="RequireSession"/>.</summary>
    public static RouteHandlerBuilder RequireStream(this RouteHandlerBuilder builder) => builder.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var admitted = http.RequestServices.GetRequiredService<AdmissionControl>().Stream(http.Session());
        http.Response.RegisterForDispose(admitted); // The answer is written when the filters are behind it.
        return admitted.Refusal is null ? await next(context) : Problems.RefuseForNow(admitted, http.Response);
    });

    /// <summary>Returns the session that <see cref="RequireSession"/> found.</summary>
    public static Session Session(this HttpContext context) => context.Features.GetRequiredFeature<Session>();

    /// <summary>Returns the channel that <see cref="RequireChannel"/> found.</summary>
    public static ChannelFeature Channel(this HttpContext context) => context.Features.GetRequiredFeature<ChannelFeature>();
}
