using System.Net.Http.Headers;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Notices;

/// <summary>Posts messages to an address of the member's own choice, until they are taken. Spec: contracts/spec/0019 s.4.</summary>
/// <param name="http">MUST NOT follow redirects and MUST NOT carry credentials or cookies. Not disposed.</param>
/// <param name="address">From <see cref="ParseAddress"/>.</param>
/// <param name="time">The clock of limits and pauses.</param>
public sealed class Webhook(HttpClient http, Uri address, TimeProvider time)
{
    /// <summary>Attempts at one message before it is left for the next look.</summary>
    public const int MaxAttempts = 6;

    /// <summary>Gets how long one attempt may take.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the pause after the first attempt; each further one is twice as long.</summary>
    public static TimeSpan FirstPause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Reads where to post: https, or http on loopback; no user name and no fragment.</summary>
    public static Result<Uri> ParseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
            ? uri
            : new Refusal(RefusalCode.DocumentInvalid, "an https address, or http on loopback, without user name and fragment", "another address");

    /// <summary>Posts one message; waits longer after each attempt that failed.</summary>
    /// <param name="message">At most <see cref="NoticeMessage.MaxBytes"/>.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    /// <returns>Null when the answer was 2xx; otherwise what the last attempt got.</returns>
    public async Task<Refusal?> PostAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (message.Length > NoticeMessage.MaxBytes)
        {
            throw new ArgumentException($"wanted at most {NoticeMessage.MaxBytes} bytes, got {message.Length}", nameof(message));
        }

        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            if (await AttemptAsync(message, cancellationToken) is not { } failed)
            {
                return null;
            }

            if (attempt == MaxAttempts)
            {
                return new Refusal(RefusalCode.Unavailable, $"a 2xx answer from {address.GetLeftPart(UriPartial.Authority)}", $"{failed}, {attempt} times");
            }

            await Task.Delay(pause, time, cancellationToken);
            pause *= 2;
        }
    }

    /// <summary>The body of the answer is not read: whatever it says, it says to nobody.</summary>
    private async Task<string?> AttemptAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode
                ? null
                : (int)answer.StatusCode is >= 300 and < 400 ? $"{(int)answer.StatusCode}, a redirect, which is not followed" : $"{(int)answer.StatusCode}";
        }
        catch (HttpRequestException broken)
        {
            return broken.HttpRequestError == HttpRequestError.Unknown ? "no answer" : $"{broken.HttpRequestError}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }
}
