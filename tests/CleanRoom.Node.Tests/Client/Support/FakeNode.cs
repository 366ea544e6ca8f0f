using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Tests.Client.Support;

/// <summary>One start of a node, reached without a network: the real channel server in front of a room in memory.</summary>
internal sealed class FakeNode : HttpMessageHandler
{
    private readonly HashSet<Digest> _issued = [];
    private readonly ChannelServer _channel;

    private FakeNode(TimeProvider time, NodeKeys keys, FakeRoom room)
    {
        (Time, Keys, Room) = (time, keys, room);
        _channel = new ChannelServer(new BclCryptoBackend(), keys.Seal, _issued.Contains, new ReplayWindow(time, TimeSpan.FromMinutes(5), 10_000));
    }

    public static InsecureSimulatedMachine Machine { get; } = InsecureSimulatedMachine.OfBuild("test");

    public TimeProvider Time { get; }

    public NodeKeys Keys { get; }

    public FakeRoom Room { get; }

    public InsecureSimulatedMachine RunsOn { get; set; } = Machine;

    /// <summary>Answers before the node does: a broken network, or someone in the middle.</summary>
    public Func<HttpRequestMessage, Task<HttpResponseMessage?>> Middle { get; set; } = _ => Task.FromResult<HttpResponseMessage?>(null);

    /// <summary>Changes what is attested before the evidence is made: a node that lies about itself consistently.</summary>
    public Func<Binding, Binding> Claims { get; set; } = binding => binding;

    /// <summary>What a host shows in place of the code endorsements that the room has; null for these.</summary>
    public ImmutableArray<Bytes>? Shows { get; set; }

    public List<string> Requests { get; } = [];

    public static async Task<FakeNode> StartAsync(TimeProvider time, FakeRoom room)
    {
        var node = new FakeNode(time, await NodeKeys.GenerateAsync(new BclCryptoBackend(), CancellationToken.None), room);
        room.Start(node);
        return node;
    }

    public async Task<NodeAttestation> AttestAsync(Bytes nonce, BindingPurpose purpose)
    {
        var log = purpose == BindingPurpose.Admission ? null : Room.Log;
        var binding = Claims(new Binding
        {
            Nonce = nonce,
            SigningKey = Keys.Sign.PublicKey,
            SealingKey = Keys.Seal.PublicKey,
            Purpose = purpose,
            Collaboration = log?.Collaboration ?? "none",
            CollaborationKey = log?.SealingKey.PublicKey ?? default,
            CheckpointKey = log?.CheckpointKey.PublicKey ?? default,
            ContractDigest = log is null ? null : log.State.ActiveContract ?? log.State.Genesis?.ContractDigest ?? Room.ProposedContract,
            Checkpoint = log is null || log.State.Log.Size == 0 ? "none" : log.Note,
            BootId = new Bytes(Room.BootNonce.Span[..16]),
            Build = "test",
        });
        var evidence = await new InsecureSimulatedAttester(RunsOn).AttestAsync(AttestationBinding.ReportData(binding), CancellationToken.None);
        return new NodeAttestation { Tee = "simulated", Evidence = evidence.Evidence, Endorsements = evidence.Endorsements, Binding = binding };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        Requests.Add($"{request.Method} {path}");
        if (await Middle(request) is { } answer)
        {
            return answer;
        }

        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        if (path.StartsWith(ApiRoutes.CodeEndorsements, StringComparison.Ordinal))
        {
            return Answer(FakeReply.Json(new CodeEndorsementsResponse(Shows ?? [.. Room.Log!.State.StandingEndorsements(Room.Now).Select(one => one.Encoded)])).Chunks[0], "application/json");
        }

        if (request.Method == HttpMethod.Get)
        {
            return await AttestAsync(path);
        }

        return request.Method == HttpMethod.Put
            ? Outer(Room.PutPart(path, request.Headers.Authorization?.Parameter, body))
            : await ChannelAsync(request.Headers.GetValues(ApiRoutes.MethodHeader).Single(), path, body, cancellationToken);
    }

    private async Task<HttpResponseMessage> AttestAsync(string path)
    {
        var query = path[(path.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&').Select(pair => pair.Split('=')).ToDictionary(p => p[0], p => p[1]);
        var purpose = query.ContainsKey("collaboration") ? BindingPurpose.Room : BindingPurpose.Admission;
        var attestation = await AttestAsync(new Bytes(Convert.FromHexString(query["nonce"])), purpose);
        _issued.Add(DocumentCodec.DigestOf(attestation.Binding));
        return Answer(DocumentCodec.Encode(attestation), "application/json");
    }

    private async Task<HttpResponseMessage> ChannelAsync(string method, string path, byte[] body, CancellationToken cancellationToken)
    {
        if (!(await _channel.OpenAsync(method, path, body, cancellationToken)).TryGet(out var exchange, out var refusals))
        {
            return Outer(refusals[0]);
        }

        using (exchange)
        {
            var reply = await Room.AnswerAsync(exchange, path);
            using var sealedBody = new MemoryStream();
            using var frames = await exchange.StartStreamAsync(reply.Status, reply.ContentType, sealedBody, cancellationToken);
            foreach (var chunk in reply.Chunks)
            {
                await frames.WriteAsync(chunk, cancellationToken);
            }

            if (!reply.IsCut)
            {
                await frames.CompleteAsync(cancellationToken);
            }

            return Answer(sealedBody.ToArray(), ChannelFormat.MediaType);
        }
    }

    private static HttpResponseMessage Answer(byte[] body, string mediaType)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return response;
    }

    /// <summary>An answer outside the channel: nothing for null, a problem for a refusal.</summary>
    public static HttpResponseMessage Outer(Refusal? refusal)
    {
        if (refusal is null)
        {
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        var response = Answer(FakeReply.Problem(refusal).Chunks[0], "application/problem+json");
        response.StatusCode = HttpStatusCode.BadRequest;
        return response;
    }
}

/// <summary>What a room answers inside the channel.</summary>
internal sealed record FakeReply(int Status, string ContentType, List<byte[]> Chunks)
{
    /// <summary>Whether the stream breaks off before its last frame.</summary>
    public bool IsCut { get; init; }

    public static FakeReply Json<T>(T value) =>
        new(200, "application/json", [JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), ApiJsonContext.Default)]);

    public static FakeReply Problem(params Refusal[] refusals) => new(400, "application/problem+json",
    [
        JsonSerializer.SerializeToUtf8Bytes(
            new Problem
            {
                Type = $"urn:cleanroom:error:{refusals[0].Slug}",
                Title = refusals[0].ToString(),
                Status = 400,
                Reasons = [.. refusals.Select(r => new ProblemReason(r.Slug, r.Wanted, r.Got))],
            },
            ApiJsonContext.Default.Problem),
    ]);

    public static FakeReply Of<T>(Result<T> result)
        where T : notnull => result.TryGet(out var value, out var refusals) ? Json(value) : Problem([.. refusals]);
}
