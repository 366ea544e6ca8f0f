using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Channel;

/// <summary>Names and limits of the confidential channel. Spec: contracts/spec/0011.</summary>
public static class ChannelFormat
{
    /// <summary>The media type of every sealed body, in both directions.</summary>
    public const string MediaType = "application/vnd.cleanroom.channel.v1";

    /// <summary>The largest sealed request in bytes; sealed parts of datasets do not go through the channel.</summary>
    public const int MaxRequestBytes = 16 * 1024 * 1024;

    /// <summary>The largest sealed response in bytes; what is larger is streamed.</summary>
    public const int MaxResponseBytes = 64 * 1024 * 1024;

    /// <summary>The most plaintext bytes in one frame of a stream.</summary>
    public const int MaxFramePlaintextBytes = 1024 * 1024;

    internal const int MaxAuthorizationBytes = 4096;

    internal const int MaxContentTypeBytes = 255;

    /// <summary>First byte of a request and of a whole response.</summary>
    internal const byte Message = 0x01;

    /// <summary>First byte of a streamed response.</summary>
    internal const byte Stream = 0x02;

    internal const int ResponseNonceBytes = 32;

    internal const int RequestIdBytes = 16;

    /// <summary>Returns JCS{bindingDigest, method, path}.</summary>
    internal static byte[] AssociatedData(Digest bindingDigest, string method, string path) => Jcs.Write(new JsonObject(
        new JsonMember("bindingDigest", bindingDigest),
        new JsonMember("method", method),
        new JsonMember("path", path)));

    internal static Refusal Invalid(string wanted, string got) => new(RefusalCode.ChannelInvalid, wanted, got);
}
