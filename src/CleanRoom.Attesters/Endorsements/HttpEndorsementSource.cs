using System.Net;
using System.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>Asks the makers. Redirects are refused, answers are bounded, and a maker that asks to wait is waited for three times at most.</summary>
public sealed class HttpEndorsementSource : IEndorsementSource, IDisposable
{
    /// <summary>Most times that one question is asked.</summary>
    internal const int MaxAttempts = 4;

    /// <summary>Longest wait that a maker may ask for.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private const int MaxIssuerChainCharacters = 32 * 1024;

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _defaultWait = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    /// <summary>Uses the network.</summary>
    public HttpEndorsementSource(TimeProvider time)
        : this(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None }, time)
    {
    }

    /// <summary>Uses a handler, which it then owns. One that follows redirects gives refusals: an answer must come from the address that was asked.</summary>
    public HttpEndorsementSource(HttpMessageHandler handler, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_client, _time) = (new HttpClient(handler, disposeHandler: true) { Timeout = _timeout }, time);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <inheritdoc/>
    public async Task<Result<Endorsement>> GetAsync(EndorsementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!EndorsementHosts.Allows(request.Address))
        {
            return Missing("an address of a maker, by https", request.Address.GetLeftPart(UriPartial.Authority));
        }

        try
        {
            for (var attempt = 1; ; attempt++)
            {
                using var message = Message(request);
                using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                {
                    return await ReadAsync(request, response, cancellationToken);
                }

                var wait = Wait(response);
                if (attempt == MaxAttempts || wait > MaxWait)
                {
                    return Unavailable($"{request.Name} within {MaxAttempts} attempts and waits of at most {MaxWait.TotalSeconds} seconds", $"status {(int)response.StatusCode} again");
                }

                await Task.Delay(wait, _time, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Unavailable($"{request.Name} from {request.Address.Host}", "no answer");
        }
    }

    private static HttpRequestMessage Message(EndorsementRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, request.Address);
        if (request.Form == EndorsementForm.AzureCertification)
        {
            message.Headers.Add("Metadata", "true");
        }

        return message;
    }

    private static Refusal Unavailable(string wanted, string got) => new(RefusalCode.Unavailable, wanted, got);

    private static Refusal Missing(string wanted, string got) => new(RefusalCode.EndorsementMissing, wanted, got);

    private async Task<Result<Endorsement>> ReadAsync(EndorsementRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK || response.RequestMessage?.RequestUri != request.Address)
        {
            return Missing(
                $"status 200 for {request.Name} from {request.Address.Host} itself",
                response.StatusCode == HttpStatusCode.OK ? "an answer of another address" : $"status {(int)response.StatusCode}");
        }

        if (await BodyAsync(request, response, cancellationToken) is not { } body)
        {
            return Missing($"{request.Name} of at most {request.MaxBytes} bytes", "more");
        }

        if (EndorsementAnswer.Read(request, body) is not { } answer)
        {
            return Missing($"{request.Name} in the form {request.Form}", $"{body.Length} bytes of another form");
        }

        if (IssuerChain(request, response) is not { } chain)
        {
            return Missing($"{request.Name} with certificates in header {request.IssuerChainHeader}", "none, or another form");
        }

        var now = _time.GetUtcNow();
        var expires = now + (response.Headers.CacheControl is { } control ? Kept(control) : request.Lifetime);
        return new Endorsement
        {
            Request = request,
            Content = answer.Content,
            IssuerChain = chain,
            Fetched = Timestamp.From(now),
            Expires = Timestamp.From(answer.NextUpdate is { } next && next < expires ? next : expires),
        };

        TimeSpan Kept(System.Net.Http.Headers.CacheControlHeaderValue control) => control.NoStore || control.NoCache
            ? TimeSpan.Zero
            : control.MaxAge is { } age && age < request.Lifetime ? age : request.Lifetime;
    }

    private static async Task<byte[]?> BodyAsync(EndorsementRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > request.MaxBytes)
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[request.MaxBytes + 1];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= request.MaxBytes ? body[..length] : null;
    }

    /// <summary>Returns the chain beside an answer; empty when none is expected, null when one is and did not come.</summary>
    private static Bytes? IssuerChain(EndorsementRequest request, HttpResponseMessage response)
    {
        if (request.IssuerChainHeader is not { } header)
        {
            return new Bytes([]);
        }

        if (!response.Headers.TryGetValues(header, out var values) || values.ToArray() is not [{ Length: <= MaxIssuerChainCharacters } encoded])
        {
            return null;
        }

        var pem = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(encoded));
        return EndorsementAnswer.IsPem(pem) ? new Bytes(pem) : null;
    }

    private TimeSpan Wait(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => _defaultWait,
        };
        return asked > TimeSpan.Zero ? asked : TimeSpan.Zero;
    }
}
