using System.Formats.Cbor;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Cose;

/// <summary>A signed message with one signer whose form is right. Nothing is known about who signed it. Spec: RFC 9052 s.4.2.</summary>
internal sealed class CoseSign1
{
    /// <summary>Header label of the algorithm.</summary>
    public const long AlgorithmLabel = 1;

    private const long CriticalLabel = 2;
    private const ulong Sign1Tag = 18;
    private const ulong Mac0Tag = 17;
    private const int Parts = 4;

    /// <summary>The initial byte of a tag below 24, to which the tag is added (RFC 8949 s.3).</summary>
    private const byte ShortTag = 0xc0;
    private const byte ArrayOfParts = 0x80 + Parts;

    private readonly Bytes _protectedBytes;
    private readonly Bytes _signature;

    private CoseSign1(CborItem protectedHeader, Bytes protectedBytes, Bytes payload, Bytes signature)
    {
        (ProtectedHeader, Payload) = (protectedHeader, payload);
        (_protectedBytes, _signature) = (protectedBytes, signature);
        Algorithm = protectedHeader[AlgorithmLabel] is { Kind: CborKind.Integer } number ? CoseAlgorithms.Of(number.Number) : CoseAlgorithm.None;
    }

    /// <summary>Gets the protected header, a map. The unprotected one is signed by nobody and so read by nobody.</summary>
    public CborItem ProtectedHeader { get; }

    /// <summary>Gets what was signed.</summary>
    public Bytes Payload { get; }

    /// <summary>Gets the algorithm of the protected header; None when it is missing or not one that is verified here.</summary>
    public CoseAlgorithm Algorithm { get; }

    /// <summary>Returns whether the bytes begin as a message does, tagged 18, 17 (COSE_Mac0) or without tag. Cheap, and no promise.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<byte> bytes) => bytes is [ArrayOfParts, ..] or [ShortTag + (byte)Sign1Tag or ShortTag + (byte)Mac0Tag, ArrayOfParts, ..];

    /// <summary>Reads a message, tagged 18 or without tag.</summary>
    /// <param name="part">What the message is, for failures: <c>attestation document</c>, <c>realm token</c>, ...</param>
    /// <returns>
    /// The message or <c>evidence-format</c>: also for COSE_Mac0, a detached payload, a label that stands in both headers, an algorithm that
    /// is not protected, and critical headers, of which none is understood here.
    /// </returns>
    public static CheckResult<CoseSign1> Parse(ReadOnlySpan<byte> bytes, int maxBytes, string part)
    {
        var item = CborItem.Parse(bytes, maxBytes);
        if (item is { Kind: CborKind.Tagged, Tag: Mac0Tag })
        {
            return Malformed(part, "signed with a key that others can verify (COSE_Sign1)", "COSE_Mac0, whose key the verifier would have to share");
        }

        var message = item is { Kind: CborKind.Tagged, Tag: Sign1Tag } ? item.Items[0] : item;
        if (message is not { Kind: CborKind.Array, Items: { Length: Parts } parts }
            || parts is not [{ Kind: CborKind.ByteString }, { Kind: CborKind.Map }, { Kind: CborKind.ByteString }, { Kind: CborKind.ByteString }])
        {
            return Malformed(part, $"a COSE_Sign1 of at most {maxBytes} bytes", item?.ToString() ?? $"{bytes.Length} bytes that are none");
        }

        if (CborItem.Parse(parts[0].Content.Span, maxBytes) is not { Kind: CborKind.Map } header)
        {
            return Malformed(part, "a protected header, which is a map", $"{parts[0].Content.Length} other bytes");
        }

        var twice = header.Entries.Any(entry => entry.Key.Kind == CborKind.Integer ? parts[1][entry.Key.Number] is not null : parts[1][entry.Key.Text] is not null);
        if (twice || parts[1][AlgorithmLabel] is not null)
        {
            return Malformed(part, "each header once, and the algorithm protected", "a header in the unprotected part");
        }

        return header[CriticalLabel] is null
            ? new CoseSign1(header, parts[0].Content, parts[2].Content, parts[3].Content)
            : Malformed(part, "no critical header", "one");
    }

    /// <summary>Verifies the signature with the algorithm of the protected header, which the caller has compared with what it wants.</summary>
    public bool IsSignedBy(VerificationKey key) => Algorithm.Verify(key, ToBeSigned(), _signature.Span);

    /// <summary>Returns the Sig_structure without external data (RFC 9052 s.4.4).</summary>
    private byte[] ToBeSigned()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(Parts);
        writer.WriteTextString("Signature1");
        writer.WriteByteString(_protectedBytes.Span);
        writer.WriteByteString([]);
        writer.WriteByteString(Payload.Span);
        writer.WriteEndArray();
        return writer.Encode();
    }

    private static FailedCheck Malformed(string part, string wanted, string got) =>
        new(RefusalCode.EvidenceInvalid, "evidence-format", $"{part}: {wanted}", got);
}
