using System.Net;

namespace CleanRoom.Attesters.Tests.Endorsements;

/// <summary>A handler that answers what the test says, and no network.</summary>
internal sealed class FakeMaker(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) : HttpMessageHandler
{
    /// <summary>Gets the addresses that were asked, in order.</summary>
    public List<HttpRequestMessage> Asked { get; } = [];

    public static HttpResponseMessage Ok(byte[] body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    public static HttpResponseMessage Status(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        var response = Ok([], headers);
        response.StatusCode = status;
        return response;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = answers[Math.Min(Asked.Count, answers.Length - 1)];
        Asked.Add(new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version });
        foreach (var header in request.Headers)
        {
            Asked[^1].Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        var response = answer(request);
        response.RequestMessage ??= request;
        return Task.FromResult(response);
    }
}
