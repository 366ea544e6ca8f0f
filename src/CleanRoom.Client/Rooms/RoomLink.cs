using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Client.Ledger;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Client.Rooms;

/// <summary>One appraised node and, after sign-in, one session. Gone when the node restarts.</summary>
/// <remarks>Each call is one attempt; the remedies are <see cref="RoomClient"/>'s.</remarks>
internal sealed class RoomLink
{
    /// <summary>How long before its end a session counts as ended, so that it does not end on the way.</summary>
    private static readonly TimeSpan _sessionMargin = TimeSpan.FromSeconds(30);

    private readonly ClientServices _services;
    private readonly RoomAddress _address;
    private readonly ChannelClient _channel;
    private readonly Digest _bindingDigest;
    private SignInResponse? _session;

    private RoomLink(ClientServices services, RoomAddress address, NodeAnswer answer)
    {
        (_services, _address, Answer) = (services, address, answer);
        var binding = answer.Attestation.Binding;
        _bindingDigest = DocumentCodec.DigestOf(binding);
        _channel = new ChannelClient(services.Backend, binding.SealingKey, _bindingDigest, services.Time);
    }

    /// <summary>Gets the node's evidence and appraisal.</summary>
    public NodeAnswer Answer { get; }

    /// <summary>Gets a value that says whether the node does not know this channel's binding any more.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>Gets a value that says whether a session is open and lasts.</summary>
    public bool HasSession => _session is { } session && _services.Now.Plus(_sessionMargin) < session.Expires;

    /// <summary>Opens a channel to an appraised node.</summary>
    public static Result<RoomLink> Open(ClientServices services, RoomAddress address, NodeAnswer answer) =>
        answer.Node.Then(_ => Result.Accept(new RoomLink(services, address, answer)));

    /// <summary>Asks, appraises and opens.</summary>
    public static async Task<Result<RoomLink>> OpenAsync(
        ClientServices services, RoomAddress address, RoomRecord record, CancellationToken cancellationToken) =>
        (await NodeQuestion.AskAsync(services, address, record, cancellationToken)).Then(answer => Open(services, address, answer));

    /// <summary>Forgets the session, so that the next call signs in.</summary>
    public void EndSession() => _session = null;

    /// <summary>Signs in as a member, in this channel only.</summary>
    /// <returns>The session, or why there is none.</returns>
    public async Task<Result<SignInResponse>> SignInAsync(string collaboration, MemberIdentity member, CancellationToken cancellationToken)
    {
        var challenge = await CallAsync(
            ApiRequest.Post(ApiPaths.Of(ApiRoutes.Challenge, collaboration)) with { NeedsSession = false },
            ApiJsonContext.Default.ChallengeResponse,
            cancellationToken);
        if (!challenge.TryGet(out var asked, out var refusals))
        {
            return refusals;
        }

        var signIn = new SignIn
        {
            Collaboration = collaboration,
            Collaborator = member.Collaborator,
            Member = member.Member,
            BindingDigest = _bindingDigest,
            Challenge = asked.Challenge,
        };
        var envelope = await EnvelopeSigner.SignAsync(member.Keys.Sign, signIn, cancellationToken);
        var request = ApiRequest.Post(
            ApiPaths.Of(ApiRoutes.SignIn, collaboration),
            new SignInRequest(new Bytes(EnvelopeCodec.Encode(envelope))),
            ApiJsonContext.Default.SignInRequest);
        var opened = await CallAsync(request with { NeedsSession = false }, ApiJsonContext.Default.SignInResponse, cancellationToken);
        _session = opened.IsAccepted ? opened.Value : null;
        return opened;
    }

    /// <summary>Asks and reads a message.</summary>
    public async Task<Result<T>> CallAsync<T>(ApiRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!(await SendAsync(request, cancellationToken)).TryGet(out var reply, out var refusals))
        {
            return refusals;
        }

        using (reply)
        {
            return await reply.ReadAsync(type, request.MaxReplyBytes, cancellationToken);
        }
    }

    /// <summary>Asks, and returns when the head of a good answer is there.</summary>
    /// <returns>The answer, or the room's refusals, or the network's.</returns>
    public async Task<Result<RoomReply>> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var inner = new ChannelRequest
        {
            Method = request.Method,
            Path = request.Path,
            Authorization = request.NeedsSession && _session is { } session ? session.Token.ToString() : string.Empty,
            ContentType = request.Body.IsEmpty ? string.Empty : "application/json",
            Body = request.Body,
        };
        if (!(await _channel.SealAsync(inner, cancellationToken)).TryGet(out var call, out var refusals))
        {
            return refusals;
        }

        Result<RoomReply>? reply = null;
        try
        {
            reply = await ExchangeAsync(request, call, cancellationToken);
        }
        finally
        {
            // Only an answer keeps the key: a refusal or a caller that stops leaves none behind.
            if (reply is not { IsAccepted: true })
            {
                call.Dispose();
            }
        }

        return reply is { IsAccepted: true, Value.IsSuccess: false } ? await RefuseAsync(reply.Value, cancellationToken) : reply;
    }

    private static async Task<Result<RoomReply>> RefuseAsync(RoomReply reply, CancellationToken cancellationToken)
    {
        using (reply)
        {
            return (await reply.ReadAsync(Problems.MaxBytes, cancellationToken)).TryGet(out var body, out var refusals)
                ? Problems.Read(reply.Status, reply.ContentType, body)
                : refusals;
        }
    }

    private async Task<Result<RoomReply>> ExchangeAsync(ApiRequest request, ChannelCall call, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(call.SealedRequest);
        content.Headers.ContentType = new MediaTypeHeaderValue(ChannelFormat.MediaType);
        using var message = new HttpRequestMessage(HttpMethod.Post, _address.At(request.Path)) { Content = content };
        message.Headers.Add(ApiRoutes.MethodHeader, request.Method);
        if (!(await Network.SendAsync(_services.Http, message, cancellationToken)).TryGet(out var response, out var refusals))
        {
            return refusals;
        }

        Result<RoomReply>? opened = null;
        try
        {
            opened = await OpenAsync(response, call, cancellationToken);
            return opened;
        }
        finally
        {
            if (opened is not { IsAccepted: true })
            {
                response.Dispose();
            }
        }
    }

    private async Task<Result<RoomReply>> OpenAsync(HttpResponseMessage response, ChannelCall call, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != ChannelFormat.MediaType)
        {
            if (!(await Network.ReadAsync(response, Problems.MaxBytes, cancellationToken)).TryGet(out var body, out var unread))
            {
                return unread;
            }

            var refusal = Problems.ReadOuter((int)response.StatusCode, body);
            IsForgotten |= refusal.Code == RefusalCode.BindingMismatch;
            return refusal;
        }

        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return (await call.OpenStreamAsync(stream, cancellationToken)).Then(frames => Result.Accept(new RoomReply(response, call, frames)));
        }
        catch (Exception broken) when (Network.IsBroken(broken, cancellationToken))
        {
            return Network.Unavailable(response.RequestMessage?.RequestUri, "a connection that broke");
        }
    }
}
