using System.Net;
using System.Text.Json;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Node.Configuration;
using CleanRoom.Protocol;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CleanRoom.Node.Rolls;

/// <summary>Answers nodes of the other build, at a port of its own: four questions, each of them for <see cref="OtherBuildHolder"/>.</summary>
internal sealed partial class RollServer(
    RollTransport transport, OtherBuildHolder holder, IGrainFactory grains, NodeClusterOptions cluster, ILogger<RollServer> logger) : IHostedService, IAsyncDisposable
{
    private const int MostConnections = 256;

    private WebApplication? _app;

    /// <summary>Gets the port at which it answers, once it is started.</summary>
    public int Port => new Uri(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RollMessages.MaxBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(cluster.FindAddress() ?? IPAddress.Loopback, cluster.Roll!.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(transport.Apply);
            });
        });
        _app = builder.Build();
        Map(RollMessages.Offer, OfferAsync);
        Map(RollMessages.HandOver, HandOverAsync);
        Map(RollMessages.OfferBudget, (question, _) => Task.FromResult(AnswerOf(holder.OfferBudget(question.Log), nonce => new RollAnswer { Nonce = nonce.ToArray() })));
        Map(RollMessages.HandOverBudget, HandOverBudgetAsync);
        return _app.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static RollAnswer AnswerOf<T>(Result<T> result, Func<T, RollAnswer> accepted)
        where T : notnull => result.TryGet(out var value, out var refusals) ? accepted(value) : RollAnswer.Refuse(refusals);

    private static RollAnswer SealedOf(Result<HandedOver> handed) =>
        AnswerOf(handed, secret => new RollAnswer { Enc = secret.Enc, Ciphertext = secret.Ciphertext });

    private async Task<RollAnswer> OfferAsync(RollQuestion question, CancellationToken cancellationToken) =>
        AnswerOf(await holder.OfferAsync(question.Log, cancellationToken), offer => new RollAnswer { Nonce = offer.Nonce, Subject = offer.Subject });

    private async Task<RollAnswer> HandOverAsync(RollQuestion question, CancellationToken cancellationToken)
    {
        var handed = await holder.HandOverAsync(question.Log, question.Document ?? [], cancellationToken);
        if (handed.IsAccepted)
        {
            await LookAsync(question.Log);
        }

        return SealedOf(handed);
    }

    /// <summary>The admission is a row that the room's own activation does not know of yet: asked anything, it reads the log again and tells its peers.</summary>
    private async Task LookAsync(string collaboration)
    {
        try
        {
            await grains.GetGrain<ICollaborationGrain>(collaboration).StatusAsync();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // The row is durable: whoever appends next finds it.
            LogNotTold(exception, collaboration);
        }
    }

    private async Task<RollAnswer> HandOverBudgetAsync(RollQuestion question, CancellationToken cancellationToken) =>
        SealedOf(await holder.HandOverBudgetAsync(question.Log, question.Document ?? [], cancellationToken));

    private void Map(string path, Func<RollQuestion, CancellationToken, Task<RollAnswer>> answer) => _app!.MapPost(path, async context =>
    {
        context.Response.Headers[RollMessages.WireHeader] = RollMessages.Wire;
        var reply = (await ReadAsync(context)).TryGet(out var question, out var refusals)
            ? await answer(question, context.RequestAborted)
            : RollAnswer.Refuse(refusals);
        await JsonSerializer.SerializeAsync(context.Response.Body, reply, RollContext.Default.RollAnswer, context.RequestAborted);
    });

    /// <summary>The form first, then the moment, then the body.</summary>
    private async Task<Result<RollQuestion>> ReadAsync(HttpContext context)
    {
        if (RollMessages.WhyOther(context.Request.Headers[RollMessages.WireHeader]) is { } other)
        {
            return other;
        }

        if (transport.HasEnded)
        {
            return new Refusal(RefusalCode.Stale, "a question while cluster.roll is open", "one after its end");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, RollContext.Default.RollQuestion, context.RequestAborted) is { } question
                ? question
                : new Refusal(RefusalCode.DocumentInvalid, "a question", "null");
        }
        catch (Exception exception) when (exception is JsonException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"a question of at most {RollMessages.MaxBytes} bytes", "another body");
        }
    }

    [LoggerMessage(4305, LogLevel.Warning, "Room {Collaboration} was not told of a node of another build that it has admitted")]
    private partial void LogNotTold(Exception exception, string collaboration);
}
