using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Protocol.Api;
using CleanRoom.TestKit;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>Every operation with bodies that are wrong, well sealed and bare. What is sent follows from contracts/openapi/cleanroom.json. Spec: contracts/spec/0013 s.7.</summary>
public sealed class NegativeBodyTests(NegativeScene scene) : IClassFixture<NegativeScene>
{
    // The good message, the seal, time and token come on top.
    private const int Overhead = 64 << 10;

    private static IEnumerable<string> WithBody => ApiOperation.All.Where(operation => operation.BodySchema is not null).Select(operation => operation.ToString());

    [Fact]
    public async Task Sealed_body_that_is_wrong_is_refused_and_nothing_is_appended()
    {
        var (book, rows) = (new AnswerBook(), await scene.RowsAsync());
        foreach (var operation in ApiOperation.All.Where(operation => operation.BodySchema is not null))
        {
            var good = scene.BodyOf(operation)!;
            foreach (var body in BadJson.Wholes(good).Concat(BadJson.Parts(good, operation.BodySchema!)))
            {
                await SendAsync(book, operation, body);
            }
        }

        book.Close(WithBody, atLeast: 80);
        await scene.AssertGoesOnAsync(rows);
    }

    [Fact]
    public async Task Sealed_body_for_an_operation_that_takes_none_does_no_harm()
    {
        var (book, rows) = (new AnswerBook(), await scene.RowsAsync());
        var operations = ApiOperation.All.Where(operation => operation.IsInner && operation.BodySchema is null).ToArray();
        foreach (var operation in operations)
        {
            foreach (var body in BadJson.Wholes(new JsonObject { ["envelope"] = "AAAA" }))
            {
                await SendAsync(book, operation, body with { IsWrong = false });
            }
        }

        book.Close(operations.Select(operation => operation.ToString()), atLeast: 40);
        await scene.AssertGoesOnAsync(rows);
    }

    [Fact]
    public async Task Bare_body_is_refused_whatever_it_is()
    {
        var (book, rows) = (new AnswerBook(), await scene.RowsAsync());
        var operations = ApiOperation.All.Where(operation => operation.IsInner).ToArray();
        foreach (var operation in operations)
        {
            foreach (var body in BadJson.Wholes(scene.BodyOf(operation) ?? new JsonObject { ["envelope"] = "AAAA" }))
            {
                using var request = new HttpRequestMessage(new HttpMethod(operation.Method), scene.Address(scene.PathOf(operation)));
                request.Content = body.Bytes is null ? null : new ByteArrayContent(body.Bytes);
                request.Content?.Headers.TryAddWithoutValidation("Content-Type", body.ContentType);
                var answer = await scene.SendBareAsync(request);
                book.Note(operation, $"bare {body}", answer.Status, answer.ContentType, answer.Body, isWrong: true);
            }
        }

        book.Close(operations.Select(operation => operation.ToString()), atLeast: 40);
        await scene.AssertGoesOnAsync(rows);
    }

    [Fact]
    public async Task Sealed_body_of_the_largest_size_is_refused_for_what_it_says()
    {
        var (book, rows) = (new AnswerBook(), await scene.RowsAsync());
        const int largest = ChannelFormat.MaxRequestBytes - Overhead;
        var operations = ApiOperation.All.Where(operation => operation.BodySchema is not null).Take(Tier.Cases(1, 100)).ToArray();
        foreach (var operation in operations)
        {
            var good = scene.BodyOf(operation)!.ToJsonString();
            BadBody[] bodies =
            [
                BadBody.Of("one text", $"\"{new string('x', largest)}\""),
                BadBody.Of("one array", $"[{string.Join(',', Enumerable.Repeat("0", largest / 2))}]"),
                BadBody.Of("one member", $"{good[..^1]},\"a\":\"{new string('x', largest)}\"}}"),
                BadBody.Of("one name", $"{good[..^1]},\"{new string('x', largest)}\":0}}"),
                new("zeros", new byte[largest]),
            ];
            foreach (var body in bodies)
            {
                await SendAsync(book, operation, body);
            }
        }

        book.Close(operations.Select(operation => operation.ToString()), atLeast: 5);
        await scene.AssertGoesOnAsync(rows);
    }

    /// <summary>Two and three things wrong at once, and bytes changed at random.</summary>
    [Fact]
    public async Task Sealed_body_that_is_wrong_at_random_is_no_fault_of_the_node()
    {
        var (book, random) = (new AnswerBook(), new Random(20_260));
        foreach (var operation in ApiOperation.All.Where(operation => operation.BodySchema is not null))
        {
            var good = scene.BodyOf(operation)!;
            var parts = BadJson.Parts(good, operation.BodySchema!).Where(body => body.Bytes!.Length < 64 << 10).ToArray();
            for (var i = 0; i < Tier.Cases(12, 1500); i++)
            {
                var bytes = (byte[])(i % 2 == 0 ? parts[random.Next(parts.Length)].Bytes! : Encoding.UTF8.GetBytes(good.ToJsonString())).Clone();
                for (var change = random.Next(1, 4); change > 0; change--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                await SendAsync(book, operation, new(string.Create(CultureInfo.InvariantCulture, $"random case {i}"), bytes, IsWrong: false));
            }
        }

        book.Close(WithBody, atLeast: 1);
    }

    [Theory]
    [InlineData("explain", """{"analyst":"a","sql":null,"templateDigest":null,"parameters":{"age":null},"receivers":[]}""", "document-invalid", "a value", "null at $.parameters.age")]
    [InlineData("explain", """{"analyst":"a","sql":null,"templateDigest":null,"parameters":{},"receivers":["a",null]}""", "document-invalid", "a value", "null at $.receivers[1]")]
    [InlineData("explain", """{"analyst":"a","sql":null,"templateDigest":"0","parameters":{},"receivers":[]}""", "document-invalid", "64 lower-case hex digits", "another at $.templateDigest")]
    [InlineData("propose", """{"contract":"AAAA","delegations":null}""", "document-invalid", "a value", "null at $.delegations")]
    [InlineData("append", "{}", "document-invalid", "the member $.envelope", "none")]
    [InlineData("append", """{"Envelope":"AAAA"}""", "document-invalid", "only declared members", "the unknown member $.Envelope")]
    [InlineData("append", """{"envelope":null}""", "document-invalid", "a value", "null at $.envelope")]
    [InlineData("append", """{"envelope":"AAAA","envelope":"AAAA"}""", "json-invalid", "different member names", "a duplicate at byte 20")]
    [InlineData("begin-upload", """{"dataset":"a"}""", "document-invalid", "the member $.upload", "none")]
    public async Task Refusal_of_a_body_says_what_was_wanted_where(string id, string body, string code, string wanted, string got)
    {
        var operation = ApiOperation.All.Single(operation => operation.Id == id);

        var answer = await scene.SendSealedAsync(operation.Method, scene.PathOf(operation), Encoding.UTF8.GetBytes(body), scene.SessionFor(operation));

        answer.Status.Should().Be(400);
        JsonSerializer.Deserialize(answer.Body, ApiJsonContext.Default.Problem)!.Reasons[0].Should().Be(new ProblemReason(code, wanted, got));
    }

    [Fact]
    public void Message_made_from_its_schema_alone_is_one_that_the_schema_allows() =>
        ApiOperation.All.Select(operation => operation.BodySchema).OfType<string>().Should().AllSatisfy(schema =>
            JsonKinds.Allows(ApiOperation.Schema(schema), JsonSamples.Of(ApiOperation.Schema(schema))!.ToJsonString()).Should().BeTrue(schema));

    private async Task SendAsync(AnswerBook book, ApiOperation operation, BadBody body)
    {
        var answer = await scene.SendSealedAsync(operation.Method, scene.PathOf(operation), body.Bytes, scene.SessionFor(operation), body.ContentType);
        book.Note(operation, body.ToString(), answer.Status, answer.ContentType, answer.Body, body.IsWrong);
    }
}
