using System.Net;
using System.Text;
using CleanRoom.Client.Notices;
using CleanRoom.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Portal.Tests.Notices;

/// <summary>Where messages may be posted, and what happens when they are not taken: contracts/spec/0019 s.4.</summary>
public sealed class WebhookTests
{
    private static readonly Uri _address = new("https://alerts.example/hook");

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://alerts.example/hook?to=me", true)]
    [InlineData("http://127.0.0.1:9/hook", true)]
    [InlineData("http://localhost/", true)]
    [InlineData("http://[::1]:9/", true)]
    [InlineData("http://alerts.example/hook", false)]
    [InlineData("http://10.0.0.1/hook", false)]
    [InlineData("https://me:secret@alerts.example/", false)]
    [InlineData("https://alerts.example/#part", false)]
    [InlineData("ftp://alerts.example/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("hook", false)]
    public void Address_is_https_or_loopback(string text, bool isOne) => Webhook.ParseAddress(text).IsAccepted.Should().Be(isOne);

    [Fact]
    public async Task Message_is_posted_once_when_it_is_taken()
    {
        using var receiver = new Receiver(HttpStatusCode.NoContent);

        (await PostAsync(receiver)).Should().BeNull();

        receiver.Bodies.Should().Equal("the message");
        receiver.Types.Should().Equal("application/json");
    }

    [Fact]
    public async Task Each_attempt_waits_twice_as_long_and_the_last_one_is_told()
    {
        using var receiver = new Receiver(HttpStatusCode.ServiceUnavailable);
        var posting = PostAsync(receiver);
        for (var (attempt, pause) = (1, Webhook.FirstPause); attempt < Webhook.MaxAttempts; attempt++, pause *= 2)
        {
            await receiver.CameAsync(attempt, Cancel);
            _time.Advance(pause - TimeSpan.FromTicks(1));
            receiver.Bodies.Should().HaveCount(attempt, "the pause is {0}", pause);
            _time.Advance(TimeSpan.FromTicks(1));
        }

        (await posting)!.Should().Match<Refusal>(refusal => refusal.Code == RefusalCode.Unavailable && refusal.Got == "503, 6 times");
        receiver.Bodies.Should().HaveCount(Webhook.MaxAttempts);
    }

    [Fact]
    public async Task Receiver_that_comes_back_gets_it()
    {
        using var receiver = new Receiver(HttpStatusCode.ServiceUnavailable);
        var posting = PostAsync(receiver);
        await receiver.CameAsync(1, Cancel);
        receiver.Answer = HttpStatusCode.OK;
        _time.Advance(Webhook.FirstPause);

        (await posting).Should().BeNull();
    }

    [Theory]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.PermanentRedirect)]
    public async Task Redirect_is_not_followed(HttpStatusCode redirect)
    {
        using var receiver = new Receiver(redirect);

        (await FailAsync(receiver))!.Got.Should().Contain("a redirect, which is not followed");
        receiver.Addresses.Should().OnlyContain(address => address == _address);
    }

    [Fact]
    public async Task Receiver_that_says_nothing_is_left_after_the_limit()
    {
        using var receiver = new Receiver(answer: null);

        (await FailAsync(receiver))!.Got.Should().Be("no answer in time, 6 times");
    }

    [Fact]
    public async Task Caller_stops_a_pause_at_once()
    {
        using var receiver = new Receiver(HttpStatusCode.BadGateway);
        using var stop = new CancellationTokenSource();
        using var http = new HttpClient(receiver, disposeHandler: false);
        var posting = new Webhook(http, _address, _time).PostAsync(Encoding.UTF8.GetBytes("the message"), stop.Token);
        await receiver.CameAsync(1, Cancel);
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => posting).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Message_that_is_too_long_is_a_mistake()
    {
        using var receiver = new Receiver(HttpStatusCode.OK);
        using var http = new HttpClient(receiver, disposeHandler: false);

        await FluentActions.Awaiting(() => new Webhook(http, _address, _time).PostAsync(new byte[NoticeMessage.MaxBytes + 1], Cancel)).Should().ThrowAsync<ArgumentException>();
        receiver.Bodies.Should().BeEmpty();
    }

    /// <summary>Lets the clock run until the posting has ended: whatever waits, waits on it.</summary>
    private async Task<Refusal?> FailAsync(Receiver receiver)
    {
        var posting = PostAsync(receiver);
        while (!posting.IsCompleted)
        {
            _time.Advance(Webhook.Patience);
            await Task.Yield();
        }

        return await posting;
    }

    private async Task<Refusal?> PostAsync(Receiver receiver)
    {
        using var http = new HttpClient(receiver, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        return await new Webhook(http, _address, _time).PostAsync(Encoding.UTF8.GetBytes("the message"), Cancel);
    }

    /// <summary>Stands where the network would be.</summary>
    private sealed class Receiver(HttpStatusCode? answer) : HttpMessageHandler
    {
        private readonly SemaphoreSlim _came = new(0);
        private int _counted;

        public HttpStatusCode? Answer { get; set; } = answer;

        public List<string> Bodies { get; } = [];

        public List<string> Types { get; } = [];

        public List<Uri> Addresses { get; } = [];

        /// <summary>Waits until so many attempts have come.</summary>
        public async Task CameAsync(int attempts, CancellationToken cancellationToken)
        {
            for (; _counted < attempts; _counted++)
            {
                await _came.WaitAsync(cancellationToken);
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            Types.Add(request.Content.Headers.ContentType!.ToString());
            Addresses.Add(request.RequestUri!);
            if (Answer is not { } status)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                throw new InvalidOperationException("nobody waits so long");
            }

            var response = new HttpResponseMessage(status) { RequestMessage = request };
            response.Headers.Location = new Uri("https://elsewhere.example/");

            // The pause begins after this returns, in the same call: whoever was told may let the clock run only then.
            _ = Task.Run(_came.Release, CancellationToken.None);
            return response;
        }
    }
}
