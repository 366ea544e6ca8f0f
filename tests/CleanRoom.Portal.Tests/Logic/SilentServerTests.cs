using CleanRoom.Attestation;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Tests.Logic;

/// <summary>A server that takes the question and never answers: the page's own patience ends it, and says so.</summary>
public sealed class SilentServerTests
{
    [Fact]
    public async Task Question_that_nobody_answers_ends_with_the_page_s_patience()
    {
        using var http = new HttpClient(new Silent()) { Timeout = TimeSpan.FromMilliseconds(20) };
        var services = new ClientServices(new BclCryptoBackend(), http, TimeProvider.System, EvidenceVerifiers.All);

        var asked = await NodeQuestion.AskForEvidenceAsync(services, RoomAddress.Parse("http://127.0.0.1:1").Value, TestContext.Current.CancellationToken);

        asked.Refusals.Should().ContainSingle().Which.Should().Be(new Refusal(RefusalCode.Unavailable, "an answer from http://127.0.0.1:1", "no answer in time"));
    }

    private sealed class Silent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
    }
}
