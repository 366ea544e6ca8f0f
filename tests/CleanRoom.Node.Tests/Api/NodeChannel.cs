using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Api;

/// <summary>One channel to a node, by hand, so that tests can send what no client would.</summary>
internal sealed class NodeChannel(HttpClient http, ChannelClient channel, Digest binding)
{
    /// <summary>Sends a sealed request and opens the answer.</summary>
    public async Task<ChannelResponse> SendAsync(string method, string path, byte[]? body = null, string token = "")
    {
        using var call = await SealAsync(method, path, body, token);
        using var response = await PostAsync(http, method, path, call.SealedRequest.ToArray());
        response.StatusCode.Should().Be(System.Net.HttpStatusCode.OK, "the outer answer says nothing of the inner");
        return await OpenAsync(call, response);
    }

    /// <summary>Opens a sealed answer to its end.</summary>
    public static async Task<ChannelResponse> OpenAsync(ChannelCall call, HttpResponseMessage response)
    {
        await using var sealedResponse = await response.Content.ReadAsStreamAsync();
        using var frames = (await call.OpenStreamAsync(sealedResponse, CancellationToken.None)).Value;
        using var content = new MemoryStream();
        for (var isLast = false; !isLast;)
        {
            var frame = (await frames.ReadAsync(CancellationToken.None)).Value;
            content.Write(frame.Data.Span);
            isLast = frame.IsLast;
        }

        return new ChannelResponse { Status = frames.Status, ContentType = frames.ContentType, Body = content.ToArray() };
    }

    /// <summary>Sends a message and reads the answer, which must be good.</summary>
    public async Task<TAnswer> CallAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, string token = "")
    {
        var response = await SendAsync("POST", path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), token);
        response.Status.Should().Be(200, System.Text.Encoding.UTF8.GetString(response.Body.Span));
        return JsonSerializer.Deserialize(response.Body.Span, answerType)!;
    }

    /// <summary>Seals a request without sending it.</summary>
    public Task<ChannelCall> SealAsync(string method, string path, byte[]? body = null, string token = "") => SealAsync(new ChannelRequest
    {
        Method = method, Path = path, Authorization = token, ContentType = body is null ? string.Empty : "application/json", Body = body ?? [],
    });

    /// <summary>Seals a request as it is, without sending it.</summary>
    public async Task<ChannelCall> SealAsync(ChannelRequest request) => (await channel.SealAsync(request, CancellationToken.None)).Value;

    /// <summary>Posts a sealed body as it is.</summary>
    public static Task<HttpResponseMessage> PostAsync(HttpClient http, string method, string path, byte[] sealedRequest)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent(sealedRequest) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(ChannelFormat.MediaType);
        message.Headers.Add(ApiRoutes.MethodHeader, method);
        return http.SendAsync(message);
    }

    /// <summary>Appends a statement, which must be taken.</summary>
    public Task AppendAsync(string collaboration, Envelope envelope, string token = "") => CallAsync(
        Path(ApiRoutes.Statements, collaboration),
        new StatementRequest(new Bytes(EnvelopeCodec.Encode(envelope))),
        ApiJsonContext.Default.StatementRequest,
        ApiJsonContext.Default.StatementResponse,
        token);

    /// <summary>Proposes a contract with everybody's delegation.</summary>
    public async Task<string> ProposeAsync(Contract contract)
    {
        var proposed = await CallAsync(
            ApiRoutes.Collaborations, Proposal(contract), ApiJsonContext.Default.ProposeRequest, ApiJsonContext.Default.ProposeResponse);
        return proposed.Collaboration;
    }

    public static ProposeRequest Proposal(Contract contract) => new()
    {
        Contract = new Bytes(EnvelopeCodec.Encode(TestPeople.Ada.Sign(contract))),
        Delegations = [.. TestPeople.All.Select(member => new Bytes(EnvelopeCodec.Encode(member.Delegate())))],
    };

    /// <summary>Signs a member in and returns the session's token.</summary>
    public async Task<string> SignInAsync(string collaboration, TestMember member)
    {
        var asked = await SendAsync("POST", Path(ApiRoutes.Challenge, collaboration));
        var challenge = JsonSerializer.Deserialize(asked.Body.Span, ApiJsonContext.Default.ChallengeResponse)!.Challenge;
        var signIn = new SignIn
        {
            Collaboration = collaboration, Collaborator = member.Collaborator, Member = member.Member, BindingDigest = binding, Challenge = challenge,
        };
        var opened = await CallAsync(
            Path(ApiRoutes.SignIn, collaboration),
            new SignInRequest(new Bytes(EnvelopeCodec.Encode(member.Sign(signIn)))),
            ApiJsonContext.Default.SignInRequest,
            ApiJsonContext.Default.SignInResponse);
        return opened.Token.ToString();
    }

    public static string Path(string route, string collaboration) => route.Replace("{collaboration}", collaboration, StringComparison.Ordinal);
}
