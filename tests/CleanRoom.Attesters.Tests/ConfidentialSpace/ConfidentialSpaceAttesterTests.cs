using System.Security.Cryptography;
using CleanRoom.Attesters.ConfidentialSpace;
using CleanRoom.Attesters.Http;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Attesters.Tests.ConfidentialSpace;

public sealed class ConfidentialSpaceAttesterTests : IDisposable
{
    private static readonly byte[] _reportData = SHA512.HashData("a question"u8);

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Socket => _directory.File("teeserver.sock");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Launcher_is_asked_for_a_token_of_kind_pki_with_the_report_data_as_nonce()
    {
        await using var launcher = StandInHttp.OnSocket(Socket, (_, _) => (200, "aaa.bbb.ccc\n"u8.ToArray()));
        using var attester = new ConfidentialSpaceAttester(Socket, "a room");

        var made = await attester.AttestAsync(_reportData, Token);

        made.Evidence.ToArray().Should().Equal("aaa.bbb.ccc"u8.ToArray());
        made.Endorsements.Should().BeEmpty();
        var (head, body) = launcher.Requests.Single();
        head.Should().StartWith("POST /v1/token HTTP/1.1").And.Contain("Content-Type: application/json");
        var nonce = Convert.ToBase64String(_reportData);
        nonce.Should().HaveLength(88);
        body.Should().Be($$"""{"audience":"a room","nonces":["{{nonce}}"],"token_type":"PKI"}""");
    }

    [Theory]
    [InlineData(500, "aaa.bbb.ccc", "wanted status 200, got 500")]
    [InlineData(200, "", "wanted a token of three parts")]
    [InlineData(200, "aaa.bbb", "wanted a token of three parts")]
    [InlineData(200, "aaa.b b.ccc", "wanted a token of three parts")]
    [InlineData(200, "a.b.c.d", "wanted a token of three parts")]
    public async Task Another_answer_is_refused(int status, string body, string words)
    {
        await using var launcher = StandInHttp.OnSocket(Socket, (_, _) => (status, System.Text.Encoding.ASCII.GetBytes(body)));

        (await FailureAsync()).Should().Contain(words);
    }

    [Fact]
    public async Task Answer_has_a_limit()
    {
        await using var launcher = StandInHttp.OnSocket(Socket, (_, _) => (200, new byte[BoundedBody.MaxBytes + 1]));

        (await FailureAsync()).Should().Contain("got more");
    }

    [Fact]
    public async Task Absent_launcher_is_named() => (await FailureAsync()).Should().Be($"{Socket}: wanted an answer, got none");

    private async Task<string> FailureAsync()
    {
        using var attester = new ConfidentialSpaceAttester(Socket);
        var attest = async () => await attester.AttestAsync(_reportData, Token);
        return (await attest.Should().ThrowAsync<AttesterException>()).Which.Message;
    }
}
