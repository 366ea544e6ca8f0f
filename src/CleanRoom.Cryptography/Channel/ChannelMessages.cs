using System.Buffers.Binary;
using System.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>The plaintext forms of requests and responses. Numbers are big-endian. Spec: contracts/spec/0011 s.3 and s.4.</summary>
internal static class ChannelMessages
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes id, time, authorization, content type and body.</summary>
    internal static byte[] EncodeRequest(ReadOnlySpan<byte> id, Timestamp time, ChannelRequest request)
    {
        var authorization = Text(request.Authorization, ChannelFormat.MaxAuthorizationBytes, nameof(request));
        var contentType = Text(request.ContentType, ChannelFormat.MaxContentTypeBytes, nameof(request));
        Span<byte> milliseconds = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, time.Value.ToUnixTimeMilliseconds());
        return [.. id, .. milliseconds, .. authorization, .. contentType, .. request.Body.Span];
    }

    internal static Result<ReceivedRequest> DecodeRequest(string method, string path, ReadOnlySpan<byte> plaintext)
    {
        var reader = new FieldReader(plaintext);
        if (!reader.TryTake(ChannelFormat.RequestIdBytes, out var id)
            || !reader.TryTake(sizeof(long), out var milliseconds)
            || !reader.TryTakeText(ChannelFormat.MaxAuthorizationBytes, out var authorization)
            || !reader.TryTakeText(ChannelFormat.MaxContentTypeBytes, out var contentType))
        {
            return ChannelFormat.Invalid("id, time, authorization, content type and body", "a request that is laid out otherwise");
        }

        var time = BinaryPrimitives.ReadInt64BigEndian(milliseconds);
        if (time < 0 || time > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return ChannelFormat.Invalid("a time in milliseconds since 1970", "a number that is none");
        }

        return new ReceivedRequest(
            BinaryPrimitives.ReadUInt128BigEndian(id),
            Timestamp.From(DateTimeOffset.FromUnixTimeMilliseconds(time)),
            new ChannelRequest
            {
                Method = method,
                Path = path,
                Authorization = authorization,
                ContentType = contentType,
                Body = reader.Rest.ToArray(),
            });
    }

    /// <summary>Writes status and content type; the body follows, or frames do.</summary>
    internal static byte[] EncodeHead(int status, string contentType)
    {
        if (status is < 100 or > 599)
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "wanted an http status from 100 to 599");
        }

        return [(byte)(status >> 8), (byte)status, .. Text(contentType, ChannelFormat.MaxContentTypeBytes, nameof(contentType))];
    }

    internal static Result<ChannelResponse> DecodeResponse(ReadOnlySpan<byte> plaintext)
    {
        var reader = new FieldReader(plaintext);
        if (!reader.TryTake(sizeof(ushort), out var status)
            || BinaryPrimitives.ReadUInt16BigEndian(status) is < 100 or > 599
            || !reader.TryTakeText(ChannelFormat.MaxContentTypeBytes, out var contentType))
        {
            return ChannelFormat.Invalid("status, content type and body", "a response that is laid out otherwise");
        }

        return new ChannelResponse
        {
            Status = BinaryPrimitives.ReadUInt16BigEndian(status),
            ContentType = contentType,
            Body = reader.Rest.ToArray(),
        };
    }

    private static byte[] Text(string text, int maxBytes, string parameter)
    {
        var utf8 = s_utf8.GetBytes(text);
        return utf8.Length <= maxBytes
            ? [(byte)(utf8.Length >> 8), (byte)utf8.Length, .. utf8]
            : throw new ArgumentException($"wanted at most {maxBytes} bytes, got {utf8.Length}", parameter);
    }
}
