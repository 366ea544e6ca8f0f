namespace CleanRoom.Attesters.Http;

/// <summary>Exchanges with a service of the machine, with a limit on what it may answer.</summary>
internal static class BoundedBody
{
    /// <summary>Most bytes of an answer.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Sends a request and returns the body of a 200 answer.</summary>
    /// <exception cref="AttesterException">The service cannot be reached, answers with another status, or says too much.</exception>
    public static async Task<byte[]> SendAsync(HttpClient client, HttpRequestMessage request, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != System.Net.HttpStatusCode.OK)
            {
                throw new AttesterException($"{name}: wanted status 200, got {(int)response.StatusCode}");
            }

            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var body = new byte[MaxBytes + 1];
            var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
            return length <= MaxBytes ? body[..length] : throw new AttesterException($"{name}: wanted an answer of at most {MaxBytes} bytes, got more");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException and not AttesterException)
        {
            throw new AttesterException($"{name}: wanted an answer, got none", exception);
        }
    }
}
