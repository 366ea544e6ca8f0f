using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Dsse;

/// <summary>Turns envelopes into JCS bytes and back. The members of a signature are fixed by its kind; none is optional.</summary>
/// <remarks>Spec: contracts/spec/0001 s.5.</remarks>
public static class EnvelopeCodec
{
    /// <summary>The largest encoded envelope, in bytes: a payload of 1 MiB in base64 and 64 signatures.</summary>
    public const int MaxEnvelopeBytes = 2 << 20;

    /// <summary>The largest number of signatures.</summary>
    public const int MaxSignatures = 64;

    internal const int SignatureLength = 64;
    private const int MaxPayloadTypeLength = 128;
    private const string Es256 = "es256";
    private const string WebAuthn = "webauthn";

    /// <summary>Returns the JCS bytes.</summary>
    public static byte[] Encode(Envelope envelope) => Jcs.Write(ToJson(envelope));

    /// <summary>Reads encoded bytes. No signature is checked.</summary>
    /// <param name="utf8">Trust: attacker-controlled.</param>
    /// <returns>
    /// The envelope, or <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.JsonInvalid"/>,
    /// <see cref="RefusalCode.JsonNotCanonical"/>, <see cref="RefusalCode.EnvelopeInvalid"/>.
    /// </returns>
    public static Result<Envelope> Parse(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.Parse(utf8, MaxEnvelopeBytes).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        return Jcs.Write(tree).AsSpan().SequenceEqual(utf8)
            ? FromJson(tree)
            : Result.Refuse<Envelope>(RefusalCode.JsonNotCanonical, "the bytes of RFC 8785", "another spelling of the same value");
    }

    /// <summary>Returns the tree, to be put into a row.</summary>
    internal static JsonObject ToJson(Envelope envelope) => new(
        new JsonMember("payload", envelope.Payload),
        new JsonMember("payloadType", envelope.PayloadType),
        new JsonMember("signatures", new JsonArray([.. envelope.Signatures.Select(ToJson)])));

    /// <summary>Reads the tree, as it stands in a row.</summary>
    internal static Result<Envelope> FromJson(JsonValue tree)
    {
        if (tree is not JsonObject { Members.Length: 3 } o
            || o.Find("payload") is not JsonString payloadText
            || o.Find("payloadType") is not JsonString { Value: var payloadType }
            || o.Find("signatures") is not JsonArray { Items: var items })
        {
            return Invalid("exactly the members payload, payloadType and signatures", "others");
        }

        if (payloadType.Length is 0 or > MaxPayloadTypeLength || payloadType.Any(c => c is <= ' ' or > '~'))
        {
            return Invalid($"a payload type of 1 to {MaxPayloadTypeLength} visible ascii characters", "another");
        }

        if (!Bytes.TryParse(payloadText.Value, out var payload) || payload.Length > DocumentCodec.MaxDocumentBytes)
        {
            return Invalid($"canonical base64 of at most {DocumentCodec.MaxDocumentBytes} bytes", "another payload");
        }

        if (items.Length is 0 or > MaxSignatures)
        {
            return Invalid($"1 to {MaxSignatures} signatures", $"{items.Length}");
        }

        var signatures = ImmutableArray.CreateBuilder<EnvelopeSignature>(items.Length);
        foreach (var item in items)
        {
            if (SignatureFromJson(item) is not { } signature)
            {
                return Invalid("exactly the members of the signature's kind, in their forms", $"others at signature {signatures.Count}");
            }

            if (signatures.Any(other => other.KeyId == signature.KeyId))
            {
                return Invalid("signatures by different keys", $"the key of signature {signatures.Count} twice");
            }

            signatures.Add(signature);
        }

        return new Envelope(payloadType, payload, signatures.MoveToImmutable());
    }

    private static JsonValue ToJson(EnvelopeSignature signature) => signature switch
    {
        { Kind: SignatureKind.WebAuthn, AuthenticatorData: { } authenticatorData, ClientDataJson: { } clientData } => new JsonObject(
            new JsonMember("authenticatorData", authenticatorData),
            new JsonMember("clientDataJSON", clientData),
            new JsonMember("keyid", signature.KeyId),
            new JsonMember("kind", WebAuthn),
            new JsonMember("sig", signature.Sig)),
        { Kind: SignatureKind.Es256, AuthenticatorData: null, ClientDataJson: null } => new JsonObject(
            new JsonMember("keyid", signature.KeyId),
            new JsonMember("kind", Es256),
            new JsonMember("sig", signature.Sig)),
        _ => throw new ArgumentException("wanted authenticator data and client data with webauthn and only there", nameof(signature)),
    };

    private static EnvelopeSignature? SignatureFromJson(JsonValue item)
    {
        if (item is not JsonObject o
            || o.Find("kind") is not JsonString { Value: var kind }
            || o.Find("keyid") is not JsonString keyIdText || !Digest.TryParse(keyIdText.Value, out var keyId)
            || FindBytes(o, "sig", SignatureLength, SignatureLength) is not { } sig)
        {
            return null;
        }

        return (kind, o.Members.Length) switch
        {
            (Es256, 3) => new EnvelopeSignature
            {
                Kind = SignatureKind.Es256, KeyId = keyId, Sig = sig, AuthenticatorData = null, ClientDataJson = null,
            },
            (WebAuthn, 5)
                when FindBytes(o, "authenticatorData", WebAuthnAssertion.AuthenticatorDataLength, WebAuthnAssertion.AuthenticatorDataLength)
                    is { } authenticatorData
                && FindBytes(o, "clientDataJSON", 2, WebAuthnAssertion.MaxClientDataBytes) is { } clientData
                => new EnvelopeSignature
                {
                    Kind = SignatureKind.WebAuthn,
                    KeyId = keyId,
                    Sig = sig,
                    AuthenticatorData = authenticatorData,
                    ClientDataJson = clientData,
                },
            _ => null,
        };
    }

    private static Bytes? FindBytes(JsonObject o, string name, int min, int max) =>
        o.Find(name) is JsonString text && Bytes.TryParse(text.Value, out var bytes) && bytes.Length >= min && bytes.Length <= max
            ? bytes
            : null;

    private static Result<Envelope> Invalid(string wanted, string got) =>
        Result.Refuse<Envelope>(RefusalCode.EnvelopeInvalid, wanted, got);
}
