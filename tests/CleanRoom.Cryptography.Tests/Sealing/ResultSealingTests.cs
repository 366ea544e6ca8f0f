using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class ResultSealingTests
{
    [Fact]
    public async Task OpenAsync_worked_result_gives_the_payload()
    {
        var vector = Vectors.Own("result.json");

        var opened = await OpenAsync(vector, vector["member"].Text());

        opened.Value.Payload.ToArray().Should().Equal(vector["payload"].Hex());
        opened.Value.Salt.Should().Be(vector["salt"].HexBytes());
        ResultSealing.Commit(opened.Value.Salt.Span, opened.Value.Payload.Span).ToString().Should().Be(vector["commitment"].Text());
    }

    [Fact]
    public async Task OpenAsync_worked_failures_are_refused()
    {
        var vector = Vectors.Own("result.json");
        foreach (var test in vector["invalid"].Items())
        {
            var changed = vector.DeepClone();
            foreach (var (name, value) in test["set"]?.AsObject() ?? [])
            {
                changed[name] = value!.DeepClone();
            }

            changed["member"] = changed["wrapMember"]?.DeepClone() ?? changed["member"]!.DeepClone();
            changed["ciphertext"] = (test["wrapCiphertext"] ?? vector["ciphertext"])!.DeepClone();
            changed["blob"] = (test["blob"] ?? vector["blob"])!.DeepClone();
            var announced = test["keepDigest"] is null ? changed["blob"].Hex() : vector["blob"].Hex();

            var opened = await OpenAsync(changed, (changed["askMember"] ?? changed["member"]).Text(), announced);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task SealAsync_each_receiver_opens_its_own_wrap_only()
    {
        var context = new ResultContext("c", Digest.Of("q"u8), 3);
        using var ana = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var ben = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var result = await ResultSealing.SealAsync(TestKeys.Backend, context, "answer"u8.ToArray(), TestKeys.Cancel);
        var row = Row(
            context,
            result.Commitment,
            result.Blob.ToArray(),
            (await ResultSealing.WrapAsync(TestKeys.Backend, context, "x", "ana", ana.PublicKey, result, TestKeys.Cancel)).Value,
            (await ResultSealing.WrapAsync(TestKeys.Backend, context, "x", "ben", ben.PublicKey, result, TestKeys.Cancel)).Value);

        foreach (var (key, member) in new[] { (ana, "ana"), (ben, "ben") })
        {
            var opened = await ResultSealing.OpenAsync(TestKeys.Backend, key, row, "x", member, result.Blob, TestKeys.Cancel);
            opened.Value.Payload.ToArray().Should().Equal("answer"u8.ToArray());
        }

        (await ResultSealing.OpenAsync(TestKeys.Backend, ana, row, "x", "ben", result.Blob, TestKeys.Cancel))
            .IsAccepted.Should().BeFalse();
    }

    [Fact]
    public async Task SealAsync_same_payload_twice_has_different_commitments()
    {
        var context = new ResultContext("c", Digest.Of("q"u8), 3);

        using var first = await ResultSealing.SealAsync(TestKeys.Backend, context, new byte[1], TestKeys.Cancel);
        using var second = await ResultSealing.SealAsync(TestKeys.Backend, context, new byte[1], TestKeys.Cancel);

        first.Commitment.Should().NotBe(second.Commitment, "a guessed answer must not be confirmed by its commitment");
    }

    [Fact]
    public async Task OpenedResult_says_nothing_of_the_answer()
    {
        var vector = Vectors.Own("result.json");

        var opened = await OpenAsync(vector, vector["member"].Text());

        opened.Value.ToString().Should().Be("[redacted]");
    }

    private static async Task<Result<OpenedResult>> OpenAsync(JsonNode vector, string member, byte[]? announced = null)
    {
        using var receiveKey = await TestKeys.AgreementAsync(vector["receiveKeyPrivate"].Hex());
        var context = new ResultContext(
            vector["collaboration"].Text(), Digest.Parse(vector["queryDigest"].Text()), vector["chargeSequence"].Long());
        var wrap = new ResultWrap
        {
            Collaborator = vector["collaborator"].Text(),
            Member = vector["member"].Text(),
            Enc = vector["enc"].HexBytes(),
            Ciphertext = vector["ciphertext"].HexBytes(),
        };
        var row = Row(context, Digest.Parse(vector["commitment"].Text()), announced ?? vector["blob"].Hex(), wrap);
        return await ResultSealing.OpenAsync(
            TestKeys.Backend, receiveKey, row, vector["collaborator"].Text(), member, vector["blob"].Hex(), TestKeys.Cancel);
    }

    private static RunResult Row(ResultContext context, Digest commitment, byte[] blob, params ResultWrap[] wraps) => new()
    {
        Collaboration = context.Collaboration,
        QueryDigest = context.QueryDigest,
        ChargeSequence = context.ChargeSequence,
        Commitment = commitment,
        Blob = new ResultBlob { Name = new string('0', 32), Bytes = blob.Length, Digest = Digest.Of(blob) },
        Wraps = [.. wraps],
        History = [],
    };
}
