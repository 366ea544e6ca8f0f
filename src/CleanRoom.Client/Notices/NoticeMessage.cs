using CleanRoom.Cryptography;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Client.Notices;

/// <summary>A notice as it is posted: kind, collaboration, row and time, signed by the member's key, and nothing of any party's data. Spec: contracts/spec/0019 s.3.</summary>
public static class NoticeMessage
{
    /// <summary>What the signature is over, besides the payload.</summary>
    public const string PayloadType = "application/vnd.cleanroom.notice.v1+json";

    /// <summary>Most bytes of a message: 4 KiB.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Returns the payload: JCS{collaboration, index, kind, time}.</summary>
    public static byte[] Payload(string collaboration, Notice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return Jcs.Write(new JsonObject(
            new JsonMember("collaboration", collaboration),
            new JsonMember("index", notice.Index),
            new JsonMember("kind", WordOf(notice.Kind)),
            new JsonMember("time", notice.Time.ToString())));
    }

    /// <summary>Signs a notice.</summary>
    /// <returns>The envelope's JCS bytes: the body of the request.</returns>
    public static async Task<byte[]> SignAsync(ISigningKey key, string collaboration, Notice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var payload = Payload(collaboration, notice);
        var signature = new EnvelopeSignature
        {
            Kind = Protocol.Documents.SignatureKind.Es256,
            KeyId = KeyId.Of(key.PublicKey.Span),
            Sig = new Bytes(await key.SignEs256Async(Pae.Of(PayloadType, payload), cancellationToken)),
            AuthenticatorData = null,
            ClientDataJson = null,
        };
        return EnvelopeCodec.Encode(new Envelope(PayloadType, new Bytes(payload), [signature]));
    }

    /// <summary>Returns the word of a kind.</summary>
    public static string WordOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Contract => "contract",
        NoticeKind.Query => "query",
        NoticeKind.Batch => "batch",
        NoticeKind.Result => "result",
        NoticeKind.Revocation => "revocation",
        NoticeKind.Code => "code",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "wanted a kind of notice"),
    };
}
