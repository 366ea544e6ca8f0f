using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Keys.Destructions;
using CleanRoom.Grains.Messages;
using CleanRoom.Node.Sessions;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Storage.Ledger;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Collaborations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Api;

public sealed class NodeApiTests(RunningNode node) : IClassFixture<RunningNode>
{
    private static readonly FrozenSet<string> _codes =
        Enum.GetValues<RefusalCode>().Where(code => code != RefusalCode.None).Select(code => code.Slug()).Append("internal").ToFrozenSet();

    private static string Unknown { get; } = new('a', 64);

    [Theory]
    [InlineData("GET", ApiRoutes.Status)]
    [InlineData("GET", ApiRoutes.Rows)]
    [InlineData("GET", ApiRoutes.BudgetLog)]
    [InlineData("POST", ApiRoutes.Challenge)]
    public async Task Request_outside_the_channel_is_refused(string method, string route)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Relative(NodeChannel.Path(route, Unknown)));
        using var response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);

        (await ProblemAsync(response)).Type.Should().EndWith(":channel-invalid");
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/", 404)]
    [InlineData("DELETE", ApiRoutes.Attestation, 405)]
    [InlineData("GET", ApiRoutes.Attestation, 400)]
    [InlineData("GET", ApiRoutes.Attestation + "?nonce=ab", 400)]
    [InlineData("GET", ApiRoutes.Destruction, 400)]
    [InlineData("GET", ApiRoutes.Destruction + "?collaboration=ab", 400)]
    [InlineData("GET", ApiRoutes.CodeEndorsements, 400)]
    [InlineData("GET", ApiRoutes.CodeEndorsements + "?collaboration=ab", 400)]
    [InlineData("GET", ApiRoutes.Collaborations, 405)]
    public async Task Request_that_is_none_of_the_api_is_a_problem(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Relative(path));
        using var response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).Should().Be(status);
        (await ProblemAsync(response)).Status.Should().Be(status);
    }

    [Fact]
    public async Task Certificates_of_destruction_are_given_to_anyone_who_names_the_collaboration()
    {
        var stop = TestContext.Current.CancellationToken;
        var ended = new string('e', 64);
        var point = new byte[65];
        point[0] = 4;
        await node.Node.Services.GetRequiredService<DestructionRecords>().AddAsync(
            new RoomSubject(ended, point, new byte[32], ended, "a note"), [ErasedSecret.KeysInMemory, ErasedSecret.SealedCopy]);

        var given = DestructionQuestion.Parse(await node.Http.GetByteArrayAsync(Relative($"{ApiRoutes.Destruction}?collaboration={ended}"), stop)).Value;
        var none = DestructionQuestion.Parse(await node.Http.GetByteArrayAsync(Relative($"{ApiRoutes.Destruction}?collaboration={Unknown}"), stop)).Value;

        given.Should().ContainSingle().Which.Attestation.Binding.Nonce.Should().Be(DestructionCertificate.NonceOf(given[0].Destruction));
        none.Should().BeEmpty();
        (await node.Node.Services.GetRequiredService<ILedgerStore>().ListCollaborationsAsync(stop)).Should().Contain(key => DestructionRecords.IsOne(key));
    }

    [Fact]
    public async Task Code_endorsements_of_a_room_are_given_to_anyone_who_names_it()
    {
        var contract = TestEndorsements.With(Scene.Contract);
        var channel = await node.ConnectAsync();
        var collaboration = await channel.ProposeAsync(contract);
        foreach (var member in new[] { TestPeople.Lea, TestPeople.Leo, TestPeople.Hal })
        {
            await channel.AppendAsync(collaboration, member.Sign(contract), await channel.SignInAsync(collaboration, member));
        }

        var endorsement = new CodeEndorsement
        {
            Collaboration = collaboration,
            ContractDigest = DocumentCodec.DigestOf(contract),
            Tuple = TestEndorsements.Later.Machine.ToReferenceTuple(),
            Reason = "a fix",
            NotBefore = contract.NotBefore,
            Expires = contract.Expires,
            Nonce = TestRandom.Nonce("endorsement"),
        };
        var encoded = new Bytes(EnvelopeCodec.Encode(endorsement.ByBoth()));
        (await GivenAsync()).Should().BeEmpty();

        await channel.AppendAsync(
            collaboration,
            TestPeople.Ada.Sign(new CodeAdmission { Collaboration = collaboration, Endorsement = encoded }),
            await channel.SignInAsync(collaboration, TestPeople.Ada));

        (await GivenAsync()).Should().Equal(encoded);

        async Task<ImmutableArray<Bytes>> GivenAsync() => JsonSerializer.Deserialize(
            await node.Http.GetByteArrayAsync(Relative($"{ApiRoutes.CodeEndorsements}?collaboration={collaboration}"), TestContext.Current.CancellationToken),
            ApiJsonContext.Default.CodeEndorsementsResponse)!.Endorsements;
    }

    [Theory]
    [InlineData("POST", ApiRoutes.Statements, "{", 400)]
    [InlineData("POST", ApiRoutes.Statements, """{"envelope":"AAAA"}""", 400)]
    [InlineData("POST", ApiRoutes.Witness, "[]", 400)]
    [InlineData("PUT", ApiRoutes.Statements, null, 405)]
    [InlineData("GET", "/v1/nothing", null, 404)]
    [InlineData("GET", ApiRoutes.Rows, null, 403)]
    public async Task Sealed_request_that_is_wrong_is_a_sealed_problem(string method, string route, string? body, int status)
    {
        var channel = await node.ConnectAsync();

        var response = await channel.SendAsync(method, NodeChannel.Path(route, Unknown), body is null ? null : Encoding.UTF8.GetBytes(body));

        response.Status.Should().Be(status);
        Check(response.ContentType, response.Body.Span);
    }

    [Fact]
    public async Task Sealed_request_again_is_refused_as_replayed()
    {
        var channel = await node.ConnectAsync();
        var path = NodeChannel.Path(ApiRoutes.Challenge, Unknown);
        using var call = await channel.SealAsync("POST", path);
        using var first = await NodeChannel.PostAsync(node.Http, "POST", path, call.SealedRequest.ToArray());
        using var again = await NodeChannel.PostAsync(node.Http, "POST", path, call.SealedRequest.ToArray());
        using var elsewhere = await NodeChannel.PostAsync(node.Http, "POST", NodeChannel.Path(ApiRoutes.Witness, Unknown), call.SealedRequest.ToArray());

        first.Content.Headers.ContentType!.MediaType.Should().Be(ChannelFormat.MediaType);
        (await ProblemAsync(again)).Type.Should().EndWith(":replayed");
        (await ProblemAsync(elsewhere)).Type.Should().EndWith(":seal-invalid");
    }

    [Fact]
    public async Task Sealed_request_that_is_too_large_or_not_for_this_start_is_refused()
    {
        using var large = await NodeChannel.PostAsync(node.Http, "POST", ApiRoutes.Collaborations, new byte[ChannelFormat.MaxRequestBytes + 1]);
        byte[] other = [1, .. new byte[200]];
        using var foreign = await NodeChannel.PostAsync(node.Http, "POST", ApiRoutes.Collaborations, other);

        (await ProblemAsync(large)).Type.Should().EndWith(":document-too-large");
        (await ProblemAsync(foreign)).Type.Should().EndWith(":binding-mismatch");
    }

    [Fact]
    public async Task Session_works_in_its_channel_alone_and_ends_when_its_member_is_revoked()
    {
        var channel = await node.ConnectAsync();
        var collaboration = await channel.ProposeAsync(Scene.Contract);
        var other = await node.ConnectAsync();
        var rows = NodeChannel.Path(ApiRoutes.Rows, collaboration);
        var token = await channel.SignInAsync(collaboration, TestPeople.Hana);

        (await channel.SendAsync("GET", rows, token: token)).Status.Should().Be(200);
        (await other.SendAsync("GET", rows, token: token)).Status.Should().Be(403, "it was issued in another channel");
        (await channel.SendAsync("GET", NodeChannel.Path(ApiRoutes.Rows, Unknown), token: token)).Status.Should().Be(403);
        (await channel.SendAsync("GET", rows, token: token[..^2] + "AA")).Status.Should().Be(403);

        await channel.AppendAsync(collaboration, TestPeople.Hana.Revoke());
        (await channel.SendAsync("GET", rows, token: token)).Status.Should().Be(403);
    }

    [Fact]
    public async Task Budget_log_is_read_by_an_owner_or_auditor_of_its_owner_alone()
    {
        var channel = await node.ConnectAsync();
        var collaboration = await channel.ProposeAsync(Scene.Contract);
        var path = NodeChannel.Path(ApiRoutes.BudgetLog, collaboration);
        var owner = await channel.SignInAsync(collaboration, TestPeople.Ada);

        (await channel.SendAsync("GET", $"{path}?domain=person-v1", token: owner)).Status.Should().Be(200);
        (await channel.SendAsync("GET", $"{path}?domain=another-v1", token: owner)).Status.Should().Be(404);
        (await channel.SendAsync("GET", path, token: owner)).Status.Should().Be(400);
        (await channel.SendAsync("GET", $"{path}?domain=person-v1", token: await channel.SignInAsync(collaboration, TestPeople.Hana))).Status
            .Should().Be(403, "an analyst owns nothing");
        await channel.AppendAsync(collaboration, TestPeople.Ada.Revoke());
    }

    [Fact]
    public async Task Statement_wants_a_session_unless_a_root_key_signs_it()
    {
        var channel = await node.ConnectAsync();
        var collaboration = await channel.ProposeAsync(Scene.Contract);
        var statement = new StatementRequest(new Bytes(EnvelopeCodec.Encode(TestPeople.Lea.Sign(Scene.Contract))));
        var body = JsonSerializer.SerializeToUtf8Bytes(statement, ApiJsonContext.Default.StatementRequest);
        var statements = NodeChannel.Path(ApiRoutes.Statements, collaboration);

        (await channel.SendAsync("POST", statements, body)).Status.Should().Be(403);
        (await channel.SendAsync("POST", statements, body, await channel.SignInAsync(collaboration, TestPeople.Lea))).Status.Should().Be(200);
        await channel.AppendAsync(collaboration, TestPeople.Leo.Revoke());
    }

    [Fact]
    public void Find_session_that_has_expired_is_refused()
    {
        var time = new FakeTimeProvider();
        var sessions = new SessionStore(time);
        var binding = Digest.Of("binding"u8);
        var (token, _) = sessions.Open(Unknown, "hospital", "hana", binding);
        sessions.Find(token.ToString(), Unknown, binding).IsAccepted.Should().BeTrue();

        time.Advance(TimeSpan.FromMinutes(15));

        sessions.Find(token.ToString(), Unknown, binding).Refusals[0].Code.Should().Be(RefusalCode.Stale);
    }

    [Fact]
    public void TakeChallenge_again_or_late_is_refused()
    {
        var time = new FakeTimeProvider();
        var sessions = new SessionStore(time);
        var (first, second) = (sessions.Challenge().Value, sessions.Challenge().Value);

        sessions.TakeChallenge(first).Should().BeTrue();
        sessions.TakeChallenge(first).Should().BeFalse();
        time.Advance(TimeSpan.FromMinutes(2));
        sessions.TakeChallenge(second).Should().BeFalse();
    }

    [Fact]
    public async Task Proposal_that_is_refused_leaves_no_secret_and_no_row()
    {
        var channel = await node.ConnectAsync();
        var (rooms, secrets) = await CountAsync();
        var other = Scene.Contract with
        {
            Attestation = Scene.Contract.Attestation with { Accepted = [new TestNode("other", Attestation.Insecure.InsecureSimulatedMachine.OfBuild("another")).Machine.ToReferenceTuple()] },
        };

        var refused = await channel.SendAsync(
            "POST", ApiRoutes.Collaborations, JsonSerializer.SerializeToUtf8Bytes(NodeChannel.Proposal(other), ApiJsonContext.Default.ProposeRequest));

        refused.Status.Should().Be(403);
        Check(refused.ContentType, refused.Body.Span);
        (await CountAsync()).Should().Be((rooms, secrets));
    }

    [Fact]
    public async Task Part_wants_a_token_of_its_upload_its_length_and_its_digest()
    {
        var channel = await node.ConnectAsync();
        var collaboration = await channel.ProposeAsync(Scene.Contract);
        foreach (var member in new[] { TestPeople.Lea, TestPeople.Leo, TestPeople.Hal })
        {
            await channel.AppendAsync(collaboration, member.Sign(Scene.Contract), await channel.SignInAsync(collaboration, member));
        }

        var session = await channel.SignInAsync(collaboration, TestPeople.Ada);
        const string upload = "00112233445566778899aabbccddeeff";
        var issued = await channel.CallAsync(
            NodeChannel.Path(ApiRoutes.Uploads, collaboration), new UploadRequest(Scene.People, upload), ApiJsonContext.Default.UploadRequest, ApiJsonContext.Default.UploadResponse, session);
        byte[] part = [1, 2, 3];
        var digest = Digest.Of(part);

        (await PutAsync(upload, digest, part, issued.Token)).Should().BeNull();
        (await PutAsync(new string('0', 32), digest, part, issued.Token))!.Type.Should().EndWith(":not-permitted");
        (await PutAsync(upload, digest, part, issued.Token[..^1] + (issued.Token[^1] == '0' ? '1' : '0')))!.Type.Should().EndWith(":not-permitted");
        (await PutAsync(upload, digest, part, "9" + issued.Token))!.Type.Should().EndWith(":not-permitted");
        (await PutAsync(upload, Digest.Of("other"u8), part, issued.Token))!.Type.Should().EndWith(":part-invalid");
        File.Exists(PartFile(upload, Digest.Of("other"u8))).Should().BeFalse();
        (await PutAsync(upload, digest, [1, 2, 4], issued.Token))!.Type.Should().EndWith(":part-invalid", "another part came under the name of one that is kept");
        (await File.ReadAllBytesAsync(PartFile(upload, digest), TestContext.Current.CancellationToken)).Should().Equal(part);
        var large = RandomNumberGenerator.GetBytes(3_000_000);
        (await PutAsync(upload, Digest.Of(large), large, issued.Token)).Should().BeNull();
        (await PutAsync(upload, Digest.Of(large), large, issued.Token)).Should().BeNull("a client repeats what was not acknowledged");
        (await File.ReadAllBytesAsync(PartFile(upload, Digest.Of(large)), TestContext.Current.CancellationToken)).Should().Equal(large);
        (await PutAsync(upload, Digest.Of([]), [], issued.Token))!.Type.Should().EndWith(":document-too-large");
        (await PutAsync(upload, digest, new byte[(8 << 20) + (16 << 10) + 1], issued.Token))!.Type.Should().EndWith(":document-too-large");
        var uploads = Path.Combine(node.DataDirectory, "objects", "uploads");
        Directory.Move(uploads, uploads + "-kept");
        try
        {
            await File.WriteAllTextAsync(uploads, string.Empty, TestContext.Current.CancellationToken);
            (await PutAsync(upload, Digest.Of([4]), [4], issued.Token))!.Type.Should().EndWith(":storage-failed");
        }
        finally
        {
            // The node is shared by the tests of the class.
            File.Delete(uploads);
            Directory.Move(uploads + "-kept", uploads);
        }
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_answers(string path)
    {
        using var response = await node.Http.GetAsync(Relative(path), TestContext.Current.CancellationToken);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Openapi_that_is_served_is_the_committed_one()
    {
        var served = await node.Http.GetStringAsync(Relative("/v1/openapi.json"), TestContext.Current.CancellationToken);
        var committed = await File.ReadAllTextAsync(
            RepositoryFiles.Committed("contracts", "openapi", "cleanroom.json"), TestContext.Current.CancellationToken);
        JsonNode.DeepEquals(JsonNode.Parse(served), JsonNode.Parse(committed)).Should().BeTrue();
    }

    [Fact]
    public async Task Internal_grains_refuse_a_caller_that_is_no_silo()
    {
        var room = node.Node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICollaborationInternalGrain>(Unknown);

        var call = () => room.IngestOfAsync(Unknown);

        await call.Should().ThrowAsync<SilosOnlyException>();
    }

    [Fact]
    public async Task Silo_port_closes_every_connection_before_a_byte()
    {
        var silo = node.Node.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint;

        var read = await ReadToEndAsync(silo.Port);

        read.Should().Be(0);
    }

    /// <summary>Connects and reads. A side that closes at once may be seen as an end, a reset, or a connection that is gone before it is used.</summary>
    private static async Task<int> ReadToEndAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException { SocketErrorCode: not SocketError.ConnectionRefused })
        {
            return 0;
        }
    }

    private string PartFile(string upload, Digest digest) =>
        Path.Combine(node.DataDirectory, "objects", "uploads", PartNames.Of(upload, digest).ToString());

    private async Task<Problem?> PutAsync(string upload, Digest digest, byte[] part, string token)
    {
        var path = ApiRoutes.Part.Replace("{upload}", upload, StringComparison.Ordinal).Replace("{digest}", digest.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Put, Relative(path)) { Content = new ByteArrayContent(part) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode ? null : await ProblemAsync(response);
    }

    private async Task<(int Rooms, long Secrets)> CountAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var rooms = await node.Node.Services.GetRequiredService<ILedgerStore>().ListCollaborationsAsync(stop);
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(node.DataDirectory, "ledger.db")};Mode=ReadOnly");
        await connection.OpenAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sealed_secret";
        return (rooms.Count, (long)(await command.ExecuteScalarAsync(stop))!);
    }

    private static async Task<Problem> ProblemAsync(HttpResponseMessage response) => Check(
        response.Content.Headers.ContentType?.MediaType ?? string.Empty,
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

    /// <summary>Every error has a known code and says nothing of the program behind it.</summary>
    private static Problem Check(string contentType, ReadOnlySpan<byte> body)
    {
        contentType.Split(';')[0].Should().Be("application/problem+json");
        var text = Encoding.UTF8.GetString(body);
        text.Should().NotContain("Exception").And.NotContain("   at ").And.NotContain(".cs:");
        var problem = JsonSerializer.Deserialize(body, ApiJsonContext.Default.Problem)!;
        problem.Type.Should().StartWith("urn:cleanroom:error:");
        _codes.Should().Contain(problem.Type["urn:cleanroom:error:".Length..]);
        return problem;
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
