using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Rolls;

/// <summary>One node of the other build, asked over the network.</summary>
internal sealed partial class RollClient : IKeySource, IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly ILogger<RollClient> _logger;

    public RollClient(RollTransport transport, Uri address, ILogger<RollClient> logger)
    {
        _logger = logger;
        _http = new HttpClient(transport.MakeHandler()) { BaseAddress = address, Timeout = _patience, MaxResponseContentBufferSize = RollMessages.MaxBytes };
        _http.DefaultRequestHeaders.Add(RollMessages.WireHeader, RollMessages.Wire);
    }

    /// <inheritdoc/>
    public bool IsOwnBuild => false;

    /// <inheritdoc/>
    public async Task<Result<HandoverOffer>> OfferAsync(string collaboration, CancellationToken cancellationToken) =>
        (await AskAsync(RollMessages.Offer, new RollQuestion(collaboration, null), cancellationToken)).Then<HandoverOffer>(answer =>
            answer is { Nonce: { } nonce, Subject: { } subject } ? new HandoverOffer(nonce, subject) : Another("an offer"));

    /// <inheritdoc/>
    public async Task<Result<HandedOver>> HandOverAsync(string collaboration, byte[] admission, CancellationToken cancellationToken) =>
        SealedOf(await AskAsync(RollMessages.HandOver, new RollQuestion(collaboration, admission), cancellationToken));

    /// <inheritdoc/>
    public async Task<Result<Bytes>> OfferBudgetAsync(string log, CancellationToken cancellationToken) =>
        (await AskAsync(RollMessages.OfferBudget, new RollQuestion(log, null), cancellationToken)).Then<Bytes>(answer =>
            answer.Nonce is { } nonce ? new Bytes(nonce) : Another("an offer"));

    /// <inheritdoc/>
    public async Task<Result<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation, CancellationToken cancellationToken) =>
        SealedOf(await AskAsync(RollMessages.HandOverBudget, new RollQuestion(log, attestation), cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Refusal Another(string wanted) => new(RefusalCode.DocumentInvalid, $"{wanted} of another build", "an answer without it");

    /// <summary>How long the log is, is not asked: another build's word on that does not count.</summary>
    private static Result<HandedOver> SealedOf(Result<RollAnswer> asked) => asked.Then<HandedOver>(answer =>
        answer is { Enc: { } enc, Ciphertext: { } ciphertext } ? new HandedOver(enc, ciphertext, 0, default(Digest).ToString()) : Another("a sealed secret"));

    private async Task<Result<RollAnswer>> AskAsync(string path, RollQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(question, RollContext.Default.RollQuestion));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
            if (RollMessages.WhyOther(response.Headers.TryGetValues(RollMessages.WireHeader, out var wire) ? string.Join(",", wire) : null) is { } other)
            {
                return other;
            }

            var answer = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), RollContext.Default.RollAnswer);
            return answer switch
            {
                null => Another("an answer"),
                { Refusals: { IsDefaultOrEmpty: false } refusals } => refusals.Select(refusal => refusal.ToRefusal()).ToImmutableArray(),
                _ => answer,
            };
        }
        catch (JsonException)
        {
            return Another("an answer");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogSilent(exception, _http.BaseAddress!.Authority);
            return new Refusal(RefusalCode.Unavailable, $"a node of the other build at {_http.BaseAddress.Authority}", "none that lets this one in");
        }
    }

    [LoggerMessage(4303, LogLevel.Warning, "The node of another build at {Peer} did not answer, or one of the two lets the other not in")]
    private partial void LogSilent(Exception exception, string peer);
}
