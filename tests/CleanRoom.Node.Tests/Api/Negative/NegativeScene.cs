using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>A node over HTTP with one room that all have signed, another that nobody has, and a session of each member: what a request needs to get far.</summary>
public sealed class NegativeScene : IAsyncLifetime
{
    /// <summary>An upload that <see cref="UploadToken"/> is for.</summary>
    internal const string Upload = "00112233445566778899aabbccddeeff";

    // One member sends thousands of requests here: none of them may hide behind "too many".
    private readonly RunningNode _node = new() { Admission = new AdmissionOptions { RequestsPerSecond = 1_000_000, RoomRequestsPerSecond = 1_000_000 } };

    internal RunningNode Node => _node;

    internal NodeChannel Channel { get; private set; } = null!;

    /// <summary>Gets a second channel, against other evidence: sessions of the first do not count in it.</summary>
    internal NodeChannel OtherChannel { get; private set; } = null!;

    internal string Room { get; private set; } = string.Empty;

    /// <summary>Gets a room whose contract nobody else has signed.</summary>
    internal string UnsignedRoom { get; private set; } = string.Empty;

    internal string UploadToken { get; private set; } = string.Empty;

    /// <summary>Gets tokens of the room by collaborator and member.</summary>
    internal FrozenDictionary<TestMember, string> Sessions { get; private set; } = FrozenDictionary<TestMember, string>.Empty;

    /// <summary>Gets the token of a session in <see cref="UnsignedRoom"/>.</summary>
    internal string ForeignSession { get; private set; } = string.Empty;

    /// <summary>Gets a good message of each schema, as JSON, made with real keys.</summary>
    internal FrozenDictionary<string, JsonNode> Good { get; private set; } = FrozenDictionary<string, JsonNode>.Empty;

    public async ValueTask InitializeAsync()
    {
        await _node.InitializeAsync();
        Channel = await _node.ConnectAsync();
        OtherChannel = await _node.ConnectAsync();
        Room = await Channel.ProposeAsync(Scene.Contract);
        UnsignedRoom = await Channel.ProposeAsync(Scene.Contract);
        foreach (var member in new[] { TestPeople.Lea, TestPeople.Leo, TestPeople.Hal })
        {
            await Channel.AppendAsync(Room, member.Sign(Scene.Contract), await Channel.SignInAsync(Room, member));
        }

        var sessions = new Dictionary<TestMember, string>();
        foreach (var member in TestPeople.All)
        {
            sessions[member] = await Channel.SignInAsync(Room, member);
        }

        Sessions = sessions.ToFrozenDictionary();
        ForeignSession = await Channel.SignInAsync(UnsignedRoom, TestPeople.Ada);
        UploadToken = (await Channel.CallAsync(
            NodeChannel.Path(ApiRoutes.Uploads, Room),
            new UploadRequest(Scene.People, Upload),
            ApiJsonContext.Default.UploadRequest,
            ApiJsonContext.Default.UploadResponse,
            sessions[TestPeople.Ada])).Token;
        Good = await MakeGoodAsync();
    }

    /// <summary>Returns the session with which an operation gets furthest.</summary>
    internal string SessionFor(ApiOperation operation) => Sessions[operation.Id is "explain" or "submit" ? TestPeople.Hana : TestPeople.Ada];

    /// <summary>Returns a good body of an operation: a genuine one where there is one, else one made from its schema; null where it takes none.</summary>
    internal JsonNode? BodyOf(ApiOperation operation) => operation switch
    {
        { BodySchema: null } => null,
        { Id: "submit" } => Good["submit"],
        { BodySchema: { } schema } => Good.GetValueOrDefault(schema) ?? JsonSamples.Of(ApiOperation.Schema(schema)),
    };

    /// <summary>Returns a path of an operation in which every parameter has the right form.</summary>
    internal string PathOf(ApiOperation operation, string? room = null) =>
        operation.Parameters.Where(parameter => parameter.IsInPath).Aggregate(
            operation.Route, (path, parameter) => path.Replace($"{{{parameter.Name}}}", ValueOf(parameter, room ?? Room), StringComparison.Ordinal))
        + string.Join('&', operation.Parameters.Where(parameter => !parameter.IsInPath && parameter.IsRequired)
            .Select((parameter, index) => $"{(index == 0 ? "?" : string.Empty)}{parameter.Name}={ValueOf(parameter, Room)}"));

    /// <summary>Sends a request outside the channel.</summary>
    internal async Task<(int Status, string ContentType, byte[] Body)> SendBareAsync(HttpRequestMessage request)
    {
        using var response = await _node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await ReadAsync(response);
    }

    /// <summary>Returns an address whose path is sent as it stands: without this, dots and escapes would be put right before they are sent.</summary>
    internal Uri Address(string path) => new(
        _node.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>Seals a request, and returns the inner answer; or the outer one where the channel refused it.</summary>
    internal async Task<(int Status, string ContentType, byte[] Body)> SendSealedAsync(
        string method, string path, byte[]? body, string token, string contentType = "application/json", string? sentPath = null, NodeChannel? channel = null)
    {
        using var call = await (channel ?? Channel).SealAsync(new ChannelRequest
        {
            Method = method, Path = path, Authorization = token, ContentType = body is null ? string.Empty : contentType, Body = body ?? [],
        });
        using var request = Sealed(method, sentPath ?? path, call.SealedRequest.ToArray());
        using var response = await _node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.ToString() != ChannelFormat.MediaType)
        {
            return await ReadAsync(response);
        }

        var answer = await NodeChannel.OpenAsync(call, response);
        return (answer.Status, answer.ContentType, answer.Body.ToArray());
    }

    /// <summary>Makes the outer request of a sealed one.</summary>
    internal HttpRequestMessage Sealed(string method, string path, byte[] sealedRequest)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = new ByteArrayContent(sealedRequest) };
        request.Content.Headers.ContentType = new(ChannelFormat.MediaType);
        request.Headers.TryAddWithoutValidation(ApiRoutes.MethodHeader, method);
        return request;
    }

    /// <summary>Asserts that the node goes on: it is ready, the room takes statements, and it has exactly the rows that it had.</summary>
    internal async Task AssertGoesOnAsync(long rows)
    {
        (await _node.Http.GetAsync(Address("/health/ready"), TestContext.Current.CancellationToken)).StatusCode.Should().Be(HttpStatusCode.OK);
        var status = await SendSealedAsync("GET", NodeChannel.Path(ApiRoutes.Status, Room), null, string.Empty);
        JsonSerializer.Deserialize(status.Body, ApiJsonContext.Default.StatusResponse)!.Mode.Should().Be(RoomMode.Active);
        (await RowsAsync()).Should().Be(rows, "nothing of all that was appended");
    }

    /// <summary>Returns the number of rows of the room.</summary>
    internal async Task<long> RowsAsync()
    {
        var answer = await SendSealedAsync("GET", NodeChannel.Path(ApiRoutes.Rows, Room) + "?count=0", null, Sessions[TestPeople.Ada]);
        answer.Status.Should().Be(200);
        return JsonSerializer.Deserialize(answer.Body, ApiJsonContext.Default.RowsResponse)!.Size;
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    /// <summary>Returns a value of the right form for a parameter.</summary>
    private static string ValueOf(ApiParameter parameter, string room) => parameter.Name switch
    {
        "collaboration" => room,
        "upload" => Upload,
        "domain" => "person-v1",
        "from" or "count" => "0",
        _ => new string('a', 64),
    };

    private static async Task<(int Status, string ContentType, byte[] Body)> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var type = response.Content.Headers.ContentType?.ToString() ?? string.Empty;
        var isOfServer = type.Length == 0 && body.Length == 0 && response.Headers.ConnectionClose == true;
        return ((int)response.StatusCode, isOfServer ? AnswerBook.OfHttpItself : type, body);
    }

    private async Task<FrozenDictionary<string, JsonNode>> MakeGoodAsync()
    {
        var asked = await SendSealedAsync("GET", NodeChannel.Path(ApiRoutes.Status, Room), null, string.Empty);
        var status = JsonSerializer.Deserialize(asked.Body, ApiJsonContext.Default.StatusResponse)!;
        var (witness, signature) = Scene.Answer(TestPeople.Ada, Room, status.BootNonce.ToArray(), status.Checkpoint, Timestamp.From(TimeProvider.System.GetUtcNow()));
        var signIn = new SignIn
        {
            Collaboration = Room, Collaborator = "registry", Member = "ada", BindingDigest = Digest.Of("none"u8), Challenge = new Bytes(new byte[32]),
        };
        return new Dictionary<string, JsonNode>
        {
            ["ProposeRequest"] = JsonSerializer.SerializeToNode(NodeChannel.Proposal(Scene.Contract), ApiJsonContext.Default.ProposeRequest)!,
            ["SignInRequest"] = JsonSerializer.SerializeToNode(new(Encoded(TestPeople.Ada.Sign(signIn))), ApiJsonContext.Default.SignInRequest)!,
            ["WitnessRequest"] = JsonSerializer.SerializeToNode(
                new(new Bytes(DocumentCodec.Encode(witness)), new Bytes(signature)), ApiJsonContext.Default.WitnessRequest)!,
            ["StatementRequest"] = JsonSerializer.SerializeToNode(new(Encoded(TestPeople.Ada.Delegate())), ApiJsonContext.Default.StatementRequest)!,
            ["submit"] = JsonSerializer.SerializeToNode(new(Encoded(TestPeople.Hana.Sign(TestStages.Question))), ApiJsonContext.Default.StatementRequest)!,
            ["UploadRequest"] = JsonSerializer.SerializeToNode(new(Scene.People, Upload), ApiJsonContext.Default.UploadRequest)!,
            ["ExplainQueryRequest"] = JsonNode.Parse(
                """{"analyst":"hospital","sql":"SELECT count(*) AS n FROM registry.people","templateDigest":null,"parameters":{"age":"1"},"receivers":["hospital"]}""")!,
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static Bytes Encoded(Envelope envelope) => new(EnvelopeCodec.Encode(envelope));
}
