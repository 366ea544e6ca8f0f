using CleanRoom.TestKit.Collaborations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>Every operation with paths, queries, methods, tokens and an order that are wrong. Spec: contracts/spec/0013 s.7.</summary>
public sealed class NegativeRequestTests(NegativeScene scene) : IClassFixture<NegativeScene>
{
    // Whatever else there is or comes wants a session.
    private static readonly string[] _open =
        ["propose", "challenge", "sign-in", "status", "witness", "append", "attest", "code-endorsements", "destruction", "put-part", "offer-recovery", "release-share"];

    private static readonly string[] _methods =
        ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY", "FOO", "*", "GET, POST", "%00", new string('M', 300), string.Empty];

    private static IEnumerable<string> All => ApiOperation.All.Select(operation => operation.ToString());

    private static IEnumerable<string> AllInner => ApiOperation.All.Where(operation => operation.IsInner).Select(operation => operation.ToString());

    [Fact]
    public void Description_has_every_operation_of_the_node_and_no_other()
    {
        string[] undescribed = ["/v1/openapi.json", "/health/live", "/health/ready", "/portal/{**path}"];
        var served = scene.Node.Node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !undescribed.Contains(endpoint.RoutePattern.RawText))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any"])
                .Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        served.Should().BeEquivalentTo(All).And.HaveCountGreaterThan(15);
    }

    [Fact]
    public async Task Path_that_is_wrong_is_refused()
    {
        var (book, rows) = (new AnswerBook(), await scene.RowsAsync());
        foreach (var operation in ApiOperation.All)
        {
            foreach (var parameter in operation.Parameters.Where(parameter => parameter.IsInPath))
            {
                foreach (var value in BadPaths.Values.Concat(BadPaths.Strangers).Append(scene.UnsignedRoom).Append(scene.Room.ToUpperInvariant()))
                {
                    var path = scene.PathOf(operation with { Route = operation.Route.Replace($"{{{parameter.Name}}}", value, StringComparison.Ordinal) });
                    var isWrong = !BadPaths.Strangers.Contains(value) && value != scene.UnsignedRoom;
                    await SendAsync(book, operation, path, isWrong);
                }
            }

            await SendAsync(book, operation, scene.PathOf(operation) + "/", isWrong: false);
            await SendAsync(book, operation, scene.PathOf(operation) + "//x", isWrong: true);
            await SendAsync(book, operation, scene.PathOf(operation).Replace("/v1/", "/V1/", StringComparison.Ordinal), isWrong: false);
            await SendAsync(book, operation, scene.PathOf(operation).Replace("/v1/", "//v1/", StringComparison.Ordinal), isWrong: true);
        }

        book.Close(All, atLeast: 4);
        await scene.AssertGoesOnAsync(rows);
    }

    [Fact]
    public async Task Query_that_is_wrong_is_refused()
    {
        var book = new AnswerBook();
        var operations = ApiOperation.All.Where(operation => operation.Parameters.Any(parameter => !parameter.IsInPath)).ToArray();
        foreach (var operation in operations)
        {
            foreach (var parameter in operation.Parameters.Where(parameter => !parameter.IsInPath))
            {
                var path = scene.PathOf(operation).Split('?')[0];
                foreach (var (query, isWrong) in BadPaths.Queries(parameter))
                {
                    await SendAsync(book, operation, path + query, isWrong);
                    var other = scene.PathOf(operation).Split('?') is [_, var needed] ? $"{(query.Length == 0 ? "?" : query + "&")}{needed}" : query;
                    await SendAsync(book, operation, path + other, isWrong: false);
                }
            }
        }

        book.Close(operations.Select(operation => operation.ToString()), atLeast: 100);
    }

    [Fact]
    public async Task Method_that_an_operation_has_not_is_refused_as_such()
    {
        var (book, rows) = (new AnswerBook(), await scene.RowsAsync());
        foreach (var operation in ApiOperation.All)
        {
            foreach (var method in _methods.Where(method => !ApiOperation.MethodsOf(operation.Route).Contains(method)))
            {
                var answer = await scene.SendSealedAsync(method, scene.PathOf(operation), [(byte)'{', (byte)'}'], scene.SessionFor(operation));
                book.Note(operation, $"sealed {method}", answer.Status, answer.ContentType, answer.Body, isWrong: true, 405);
                if (method.All(char.IsAsciiLetterUpper) && method is not ("" or "CONNECT" or "HEAD"))
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), scene.Address(scene.PathOf(operation)));
                    var bare = await scene.SendBareAsync(request);
                    book.Note(operation, $"bare {method}", bare.Status, bare.ContentType, bare.Body, isWrong: true, 405);
                }
            }
        }

        book.Close(All, atLeast: 20);
        await scene.AssertGoesOnAsync(rows);
    }

    [Fact]
    public async Task Token_that_is_none_of_the_room_and_channel_is_refused()
    {
        var book = new AnswerBook();
        var revoked = await scene.Channel.SignInAsync(scene.UnsignedRoom, TestPeople.Rita);
        await scene.Channel.AppendAsync(scene.UnsignedRoom, TestPeople.Rita.Revoke());
        foreach (var operation in ApiOperation.All.Where(operation => operation.IsInner))
        {
            var good = scene.SessionFor(operation);
            string[] tokens =
            [
                string.Empty, " ", "x", "null", "Bearer " + good, " " + good, good + " ", good + "\n", good[..^4], good[..^2] + "AA", good + good, good.ToUpperInvariant(),
                Convert.ToBase64String(new byte[32]), Convert.ToBase64String(new byte[31]), new('A', 4096), "\0", "\u202e", scene.UploadToken, scene.ForeignSession, revoked,
            ];
            foreach (var token in tokens)
            {
                await SendWithAsync(scene.Channel, token, scene.Room);
            }

            await SendWithAsync(scene.OtherChannel, good, scene.Room);
            await SendWithAsync(scene.Channel, good, scene.UnsignedRoom);
            await SendWithAsync(scene.Channel, revoked, scene.UnsignedRoom);

            async Task SendWithAsync(NodeChannel channel, string token, string room)
            {
                var body = scene.BodyOf(operation)?.ToJsonString();
                var answer = await scene.SendSealedAsync(
                    operation.Method, scene.PathOf(operation, room), body is null ? null : System.Text.Encoding.UTF8.GetBytes(body), token, channel: channel);
                var isOpen = _open.Contains(operation.Id);
                book.Note(operation, $"token {token}", answer.Status, answer.ContentType, answer.Body, !isOpen, isOpen ? [] : [403]);
            }
        }

        book.Close(AllInner, atLeast: 20);
    }

    [Fact]
    public async Task Part_without_a_token_of_its_upload_is_refused()
    {
        var book = new AnswerBook();
        var operation = ApiOperation.All.Single(operation => operation.Id == "put-part");
        var good = scene.UploadToken;
        string?[] headers =
        [
            null, string.Empty, "Bearer", "Bearer ", good, "Basic " + good, "bearer " + good, "Bearer  " + good, $"Bearer {good[..^1]}", $"Bearer {good}0",
            "Bearer " + good.ToUpperInvariant(), "Bearer .", "Bearer 0.", "Bearer .0", "Bearer -1.00", "Bearer 9223372036854775807.00", "Bearer 99999999999999999999.00",
            "Bearer 253402300800000." + new string('0', 64), "Bearer 0" + good, "Bearer 1" + good[(good.IndexOf('.', StringComparison.Ordinal) - 1)..],
            "Bearer " + new string('1', 6000), "Bearer " + scene.Sessions[TestPeople.Ada],
        ];
        foreach (var header in headers)
        {
            await PutAsync(scene.PathOf(operation), header, [1], 403);
        }

        await PutAsync(scene.PathOf(operation).Replace(NegativeScene.Upload, new string('0', 32), StringComparison.Ordinal), "Bearer " + good, [1], 403);
        await PutAsync(scene.PathOf(operation).Replace(NegativeScene.Upload, NegativeScene.Upload.ToUpperInvariant(), StringComparison.Ordinal), "Bearer " + good, [1], 403);
        await PutAsync(scene.PathOf(operation), "Bearer " + good, [1], 400);
        await PutAsync(scene.PathOf(operation), "Bearer " + good, [], 413);
        await PutAsync(scene.PathOf(operation), "Bearer " + good, new byte[8_404_993], 413);
        foreach (var digest in BadPaths.Values.Where(value => value.Length > 0).Concat(BadPaths.Strangers))
        {
            await PutAsync(scene.PathOf(operation with { Route = operation.Route.Replace("{digest}", digest, StringComparison.Ordinal) }), "Bearer " + good, [1]);
        }

        book.Close([operation.ToString()], atLeast: 60);

        async Task PutAsync(string path, string? authorization, byte[] part, params int[] statuses)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, scene.Address(path)) { Content = new ByteArrayContent(part) };
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            var answer = await scene.SendBareAsync(request);
            book.Note(operation, $"{path} with {authorization}", answer.Status, answer.ContentType, answer.Body, isWrong: true, statuses);
        }
    }

    private async Task SendAsync(AnswerBook book, ApiOperation operation, string path, bool isWrong)
    {
        var text = path[..Math.Min(path.Length, 200)];
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), scene.Address(path));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + scene.UploadToken);
        var bare = await scene.SendBareAsync(request);
        book.Note(operation, $"bare {text}", bare.Status, bare.ContentType, bare.Body, isWrong || operation.IsInner);
        if (!operation.IsInner)
        {
            return;
        }

        var body = scene.BodyOf(operation)?.ToJsonString();
        var answer = await scene.SendSealedAsync(
            operation.Method,
            CanonicalPath.Of(path),
            body is null ? null : System.Text.Encoding.UTF8.GetBytes(body),
            scene.SessionFor(operation),
            sentPath: path);
        book.Note(operation, $"sealed {text}", answer.Status, answer.ContentType, answer.Body, isWrong);
    }
}
