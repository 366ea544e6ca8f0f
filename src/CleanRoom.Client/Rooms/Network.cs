using CleanRoom.Protocol;

namespace CleanRoom.Client.Rooms;

/// <summary>Turns what a network does into refusals: a broken connection is no surprise.</summary>
internal static class Network
{
    /// <summary>Sends a request and returns when the head of the answer is there.</summary>
    public static async Task<Result<HttpResponseMessage>> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException broken)
        {
            return Unavailable(request.RequestUri, broken.HttpRequestError == HttpRequestError.Unknown ? "no answer" : $"{broken.HttpRequestError}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unavailable(request.RequestUri, "no answer in time");
        }
    }

    /// <summary>Asks a node outside the channel and reads the whole answer.</summary>
    /// <param name="services">The client's parts.</param>
    /// <param name="address">Where to ask.</param>
    /// <param name="path">With its query.</param>
    /// <param name="maxBytes">The most bytes of an answer.</param>
    /// <param name="alsoExpected">What an answer may say besides what any may: anyone on the way can write it.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    public static async Task<Result<byte[]>> GetOuterAsync(
        ClientServices services, RoomAddress address, string path, int maxBytes, RefusalCode[] alsoExpected, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address.At(path));
        if (!(await SendAsync(services.Http, request, cancellationToken)).TryGet(out var response, out var refusals))
        {
            return refusals;
        }

        using (response)
        {
            var read = await ReadAsync(response, maxBytes, cancellationToken);
            return response.IsSuccessStatusCode ? read : read.Then<byte[]>(body => Problems.ReadOuter((int)response.StatusCode, body, alsoExpected));
        }
    }

    /// <summary>Reads a whole body.</summary>
    /// <returns>The bytes, or <see cref="RefusalCode.Unavailable"/> or <see cref="RefusalCode.DocumentTooLarge"/>.</returns>
    public static async Task<Result<byte[]>> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var read = new MemoryStream();
            var buffer = new byte[81_920];
            int count;
            while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (read.Length + count > maxBytes)
                {
                    return new Refusal(RefusalCode.DocumentTooLarge, $"at most {maxBytes} bytes", "more");
                }

                read.Write(buffer.AsSpan(0, count));
            }

            return read.ToArray();
        }
        catch (Exception broken) when (IsBroken(broken, cancellationToken))
        {
            return Unavailable(response.RequestMessage?.RequestUri, "a connection that broke");
        }
    }

    /// <summary>Says whether an exception is a broken connection, and not the caller's own wish to stop.</summary>
    public static bool IsBroken(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Returns the refusal of a room that does not answer.</summary>
    public static Refusal Unavailable(Uri? address, string got) =>
        new(RefusalCode.Unavailable, $"an answer from {address?.GetLeftPart(UriPartial.Authority)}", got);
}
