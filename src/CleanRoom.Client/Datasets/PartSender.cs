using System.Net.Http.Headers;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Client.Datasets;

/// <summary>Sends sealed parts outside the channel, with a token that was issued inside it.</summary>
internal sealed class PartSender(RoomClient room, string dataset, string upload)
{
    private static readonly TimeSpan _tokenMargin = TimeSpan.FromMinutes(1);

    private UploadResponse? _token;

    /// <summary>Sends a part. The same part again is no harm: it is stored by its digest.</summary>
    /// <returns>The digest of the sealed bytes, once the node has acknowledged them.</returns>
    public Task<Result<Digest>> SendAsync(ReadOnlyMemory<byte> sealedPart, CancellationToken cancellationToken) =>
        SendAsync(sealedPart, Digest.Of(sealedPart.Span), cancellationToken);

    /// <summary>Sends a part whose digest is known.</summary>
    public Task<Result<Digest>> SendAsync(ReadOnlyMemory<byte> sealedPart, Digest digest, CancellationToken cancellationToken) =>
        TwiceAsync(() => TrySendAsync(sealedPart, digest, cancellationToken));

    /// <summary>Has a part sealed and sent by whoever has its bytes.</summary>
    /// <returns>The digest of the sealed bytes, once the node has acknowledged them.</returns>
    public Task<Result<Digest>> CarryAsync(IPartCarrier carrier, SourcePart part, byte[] associatedData, CancellationToken cancellationToken) =>
        TwiceAsync(() => TryCarryAsync(carrier, part, associatedData, cancellationToken));

    private static Refusal TooLarge(UploadResponse token, long bytes) =>
        new(RefusalCode.DocumentTooLarge, $"a sealed part of at most {token.MaxPartBytes} bytes", $"{bytes}");

    private static Result<Digest> Judge(Digest digest, int status, ReadOnlySpan<byte> body) => status is >= 200 and < 300
        ? digest
        : Problems.ReadOuter(status, body, RefusalCode.NotPermitted, RefusalCode.PartInvalid, RefusalCode.StorageFailed, RefusalCode.UploadUnknown);

    private async Task<Result<Digest>> TwiceAsync(Func<Task<Result<Digest>>> attempt)
    {
        var sent = await attempt();
        if (sent.IsAccepted || sent.Refusals[0].Code != RefusalCode.NotPermitted)
        {
            return sent;
        }

        // A node that restarted knows no older token.
        _token = null;
        return await attempt();
    }

    private async Task<Result<Digest>> TryCarryAsync(IPartCarrier carrier, SourcePart part, byte[] associatedData, CancellationToken cancellationToken)
    {
        if (!(await TokenAsync(cancellationToken)).TryGet(out var token, out var refusals))
        {
            return refusals;
        }

        var bytes = SealedStreamLayout.CiphertextLength(part.Length);
        if (bytes > token.MaxPartBytes)
        {
            return TooLarge(token, bytes);
        }

        var destination = new PartDestination(associatedData, room.AddressOf(ApiPaths.OfParts(upload)), token.Token);
        return (await carrier.CarryAsync(part, destination, cancellationToken)).TryGet(out var answer, out refusals)
            ? Judge(answer.Digest, answer.Status, answer.Body.Span)
            : refusals;
    }

    private async Task<Result<Digest>> TrySendAsync(ReadOnlyMemory<byte> sealedPart, Digest digest, CancellationToken cancellationToken)
    {
        if (!(await TokenAsync(cancellationToken)).TryGet(out var token, out var refusals))
        {
            return refusals;
        }

        if (sealedPart.Length > token.MaxPartBytes)
        {
            return TooLarge(token, sealedPart.Length);
        }

        using var content = new ReadOnlyMemoryContent(sealedPart);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Put, room.AddressOf(ApiPaths.OfPart(upload, digest))) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        if (!(await Network.SendAsync(room.Services.Http, request, cancellationToken)).TryGet(out var response, out refusals))
        {
            return refusals;
        }

        using (response)
        {
            if (response.IsSuccessStatusCode)
            {
                return digest;
            }

            return (await Network.ReadAsync(response, Problems.MaxBytes, cancellationToken)).TryGet(out var body, out refusals)
                ? Judge(digest, (int)response.StatusCode, body)
                : refusals;
        }
    }

    private async Task<Result<UploadResponse>> TokenAsync(CancellationToken cancellationToken)
    {
        if (_token is { } token && room.Services.Now.Plus(_tokenMargin) < token.Expires)
        {
            return token;
        }

        var request = ApiRequest.Post(
            ApiPaths.Of(ApiRoutes.Uploads, room.Collaboration), new UploadRequest(dataset, upload), ApiJsonContext.Default.UploadRequest);
        var issued = await room.CallAsync(request, ApiJsonContext.Default.UploadResponse, cancellationToken);
        _token = issued.IsAccepted ? issued.Value : null;
        return issued;
    }
}
