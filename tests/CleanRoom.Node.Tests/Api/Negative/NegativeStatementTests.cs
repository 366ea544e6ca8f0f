using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Json;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>The layer below: messages in the right form whose signed documents are wrong, of another room, or out of order.</summary>
public sealed class NegativeStatementTests(NegativeScene scene) : IClassFixture<NegativeScene>
{
    /// <summary>Gets the documents of another room from its founding to the receipt: every kind of statement there is.</summary>
    private static ImmutableArray<Envelope> Foreign { get; } = [.. TestStages.Receipted.Rows.Select(row => row.Envelope)];

    private static ApiOperation[] Operations { get; } = [.. ApiOperation.All.Where(operation => operation.Id is "append" or "submit" or "sign-in" or "witness" or "propose")];

    [Fact]
    public async Task Statement_of_another_room_or_out_of_order_is_refused()
    {
        var book = new AnswerBook();
        foreach (var envelope in Foreign.Concat(TestPeople.All.SelectMany(Control)))
        {
            foreach (var operation in Operations)
            {
                await SendAsync(book, operation, $"{Kind(envelope)} as it is", EnvelopeCodec.Encode(envelope));
                foreach (var member in TestPeople.All.Take(Tier.Cases(2, 100)))
                {
                    await SendAsync(book, operation, $"{Kind(envelope)} by {member.Member}", EnvelopeCodec.Encode(member.Key.Sign(envelope.PayloadType, envelope.Payload.ToArray())));
                }
            }
        }

        book.Close(Operations.Select(operation => operation.ToString()), atLeast: 100);
        await scene.AssertGoesOnAsync(await scene.RowsAsync());
    }

    [Fact]
    public async Task Statement_whose_document_is_wrong_in_one_place_is_no_fault_of_the_node()
    {
        var (book, random) = (new AnswerBook(), new Random(20_262));
        string[] values = ["null", "\"\"", "\"x\"", "0", "-1", "9007199254740991", "true", "[]", "[null]", "{}", "{\"a\":null}", "\"\\u0000\"", $"\"{new string('0', 64)}\"", "\"AAAA\""];
        var kinds = Foreign.GroupBy(Kind).Select(kind => kind.First()).ToArray();
        foreach (var envelope in kinds)
        {
            var good = JsonNode.Parse(envelope.Payload.Span)!;
            var parts = BadJson.Walk([], good, schema: null).ToArray();
            for (var i = 0; i < Tier.Cases(12, 1500); i++)
            {
                var (part, value) = (parts[random.Next(parts.Length)], values[random.Next(values.Length)]);
                var payload = Jcs.Canonicalize(Encoding.UTF8.GetBytes(BadJson.With(good, part.Path, value)), 1 << 20).Value;
                var signer = random.Next(2) == 0 ? TestPeople.All[random.Next(TestPeople.All.Length)].Key : TestPeople.Root(TestPeople.All[random.Next(TestPeople.All.Length)].Collaborator);
                var operation = Operations[random.Next(Operations.Length)];
                await SendAsync(
                    book, operation, $"{Kind(envelope)} with {value} at {string.Join('/', part.Path)}", EnvelopeCodec.Encode(signer.Sign(envelope.PayloadType, payload)));
            }
        }

        book.Close(Operations.Select(operation => operation.ToString()), atLeast: 20);
    }

    [Fact]
    public async Task Envelope_that_is_wrong_in_one_place_is_no_fault_of_the_node()
    {
        var book = new AnswerBook();
        var stranger = TestMember.Of("registry", "rosa", TestPeople.Ada.Roles);
        var good = JsonNode.Parse(EnvelopeCodec.Encode(stranger.Delegate()))!;
        string[] values = ["null", "\"\"", "\"x\"", "0", "[]", "[null]", "{}", "\"AAAA\"", $"\"{new string('0', 64)}\"", $"\"{new string('A', 1 << 16)}\"", $"[{string.Join(',', Enumerable.Repeat("{}", 100))}]"];
        foreach (var operation in Operations)
        {
            foreach (var part in BadJson.Walk([], good, schema: null))
            {
                foreach (var value in values)
                {
                    var encoded = Jcs.Canonicalize(Encoding.UTF8.GetBytes(BadJson.With(good, part.Path, value)), 4 << 20).Value;
                    await SendAsync(book, operation, $"{value[..Math.Min(value.Length, 20)]} at {string.Join('/', part.Path)}", encoded, isWrong: true);
                }
            }

            foreach (var junk in new[] { [], "null"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "\ufeff{}"u8.ToArray(), [0xff, 0xfe], new byte[(2 << 20) + 1], [.. Enumerable.Repeat((byte)'[', 100_000)] })
            {
                await SendAsync(book, operation, $"{junk.Length} bytes of junk", junk, isWrong: true);
            }
        }

        book.Close(Operations.Select(operation => operation.ToString()), atLeast: 70);
    }

    /// <summary>Asks before there is anything to ask about: before a contract is in force, before a query, a run, a result, a dataset.</summary>
    [Fact]
    public async Task Operation_out_of_order_is_refused()
    {
        var book = new AnswerBook();
        string[] early = ["begin-upload", "ingest", "explain", "submit", "query-twin", "query-status", "query-events", "run-again", "result"];
        var operations = ApiOperation.All.Where(operation => early.Contains(operation.Id)).ToArray();
        operations.Should().HaveCount(early.Length);
        var hana = await scene.Channel.SignInAsync(scene.UnsignedRoom, TestPeople.Hana);
        foreach (var operation in operations)
        {
            foreach (var token in new[] { hana, scene.ForeignSession })
            {
                var body = scene.BodyOf(operation)?.ToJsonString();
                var answer = await scene.SendSealedAsync(
                    operation.Method, scene.PathOf(operation, scene.UnsignedRoom), body is null ? null : Encoding.UTF8.GetBytes(body), token);
                book.Note(operation, "before the contract is in force", answer.Status, answer.ContentType, answer.Body, isWrong: true);
            }

            if (operation.BodySchema is null)
            {
                var answer = await scene.SendSealedAsync(operation.Method, scene.PathOf(operation), null, scene.SessionFor(operation));
                book.Note(operation, "of what is not there", answer.Status, answer.ContentType, answer.Body, isWrong: true, 404);
            }
        }

        book.Close(operations.Select(operation => operation.ToString()), atLeast: 2);
    }

    private static IEnumerable<Envelope> Control(TestMember member) =>
    [
        member.Sign(TestStages.Answered.Suspend()), member.Sign(TestStages.Answered.Resume()), member.Sign(TestStages.Answered.Terminate()),
        member.Sign(TestStages.Answered.Cancel(TestStages.Question)), member.Sign(member.Revocation with { Member = "nobody" }),
    ];

    private static string Kind(Envelope envelope) => JsonNode.Parse(envelope.Payload.Span)!["type"]?.GetValue<string>() ?? envelope.PayloadType;

    private async Task SendAsync(AnswerBook book, ApiOperation operation, string about, byte[] encoded, bool isWrong = false)
    {
        var bytes = new Bytes(encoded);
        var body = operation.Id switch
        {
            "propose" => JsonSerializer.SerializeToUtf8Bytes(new ProposeRequest { Contract = bytes, Delegations = [bytes] }, ApiJsonContext.Default.ProposeRequest),
            "sign-in" => JsonSerializer.SerializeToUtf8Bytes(new SignInRequest(bytes), ApiJsonContext.Default.SignInRequest),
            "witness" => JsonSerializer.SerializeToUtf8Bytes(new WitnessRequest(bytes, bytes), ApiJsonContext.Default.WitnessRequest),
            _ => JsonSerializer.SerializeToUtf8Bytes(new StatementRequest(bytes), ApiJsonContext.Default.StatementRequest),
        };
        var answer = await scene.SendSealedAsync(operation.Method, scene.PathOf(operation, scene.UnsignedRoom), body, scene.ForeignSession);
        book.Note(operation, about, answer.Status, answer.ContentType, answer.Body, isWrong);
    }
}
