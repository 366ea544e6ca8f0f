using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Documents;

/// <content>Payload types of envelopes, and the receipt, which in-toto names.</content>
public static partial class DocumentCodec
{
    /// <summary>The payload type of receipts.</summary>
    public const string ReceiptPayloadType = "application/vnd.in-toto+json";

    private const string TypePrefix = "cleanroom/v1/";

    /// <summary>Returns <c>application/vnd.cleanroom.NAME.v1+json</c> for the type <c>cleanroom/v1/NAME</c>.</summary>
    public static string PayloadTypeOf(Document document) => $"application/vnd.cleanroom.{TypeOf(document)[TypePrefix.Length..]}.v1+json";

    /// <summary>Reads the document in an envelope and checks that the payload type names it. No signature is checked.</summary>
    /// <returns>As <see cref="Parse(ReadOnlySpan{byte})"/>; another payload type is <see cref="RefusalCode.EnvelopeInvalid"/>.</returns>
    public static Result<Document> ParsePayload(Envelope envelope) =>
        Parse(envelope.Payload.Span).Then(document => string.Equals(PayloadTypeOf(document), envelope.PayloadType, StringComparison.Ordinal)
            ? Result.Accept(document)
            : Result.Refuse<Document>(RefusalCode.EnvelopeInvalid, $"payload type {PayloadTypeOf(document)}", "another"));

    /// <summary>Returns the stored bytes of a receipt: JCS.</summary>
    /// <exception cref="ArgumentException">The receipt is larger than <see cref="MaxDocumentBytes"/>.</exception>
    public static byte[] Encode(Receipt receipt) => Canonical(receipt, DocumentJsonContext.Default.Receipt);

    /// <summary>Returns SHA-256 over the stored bytes.</summary>
    public static Digest DigestOf(Receipt receipt) => Digest.Of(Encode(receipt));

    /// <summary>Reads the stored bytes of a receipt.</summary>
    /// <param name="utf8">Trust: attacker-controlled.</param>
    /// <returns>
    /// The receipt, with in-toto's statement type, our predicate type and one subject, or the refusals of
    /// <see cref="Parse(ReadOnlySpan{byte})"/>.
    /// </returns>
    public static Result<Receipt> ParseReceipt(ReadOnlySpan<byte> utf8)
    {
        if (!ParseCanonical(utf8).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        var isReceipt = tree is JsonObject o
            && o.Find("_type") is JsonString { Value: Receipt.StatementType }
            && o.Find("predicateType") is JsonString { Value: Receipt.PredicateTypeV1 };
        return isReceipt
            ? Read(utf8, tree, DocumentJsonContext.Default.Receipt, DocumentJsonContext.Default.Receipt, extraMember: null).Then(OneSubject)
            : Result.Refuse<Receipt>(RefusalCode.DocumentUnknownType, $"an in-toto statement v1 with {Receipt.PredicateTypeV1}", "another");
    }

    private static Result<Receipt> OneSubject(Receipt receipt) => receipt.Subject.Length == 1
        ? receipt
        : Result.Refuse<Receipt>(RefusalCode.DocumentInvalid, "exactly one subject", $"{receipt.Subject.Length}");
}
