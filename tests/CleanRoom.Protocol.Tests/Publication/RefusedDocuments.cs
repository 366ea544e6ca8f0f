using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>Bytes that a reader of the formats must refuse, with the reason it must give.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Format"><c>document</c>, <c>receipt</c>, <c>envelope</c> or <c>row</c>.</param>
/// <param name="Code">The refusal.</param>
/// <param name="Why">What is wrong, for people.</param>
/// <param name="Utf8">The bytes.</param>
internal sealed record RefusedDocument(string Name, string Format, RefusalCode Code, string Why, byte[] Utf8);

internal static class RefusedDocuments
{
    private static readonly string _resume = Text(DocumentCodec.Encode(DocumentSamples.All.OfType<Resume>().Single()));
    private static readonly string _approval = Text(DocumentCodec.Encode(DocumentSamples.All.OfType<Approval>().Single()));
    private static readonly string _contract = Text(DocumentCodec.Encode(ContractSample.Contract));
    private static readonly string _receipt = Text(DocumentCodec.Encode(DocumentSamples.Receipt));
    private static readonly string _envelope = Text(EnvelopeCodec.Encode(DocumentVectors.Es256Envelope()));
    private static readonly string _row = Text(RowCodec.Encode(new LedgerRow(6, ContractSample.Start, DocumentVectors.Es256Envelope())));

    public static IEnumerable<RefusedDocument> All() => [.. Json(), .. Canonical(), .. Members(), .. Types(), .. Envelopes(), .. Rows()];

    private static IEnumerable<RefusedDocument> Json()
    {
        yield return Document("float", RefusalCode.JsonInvalid, "a fraction", Edit(_resume, ":7,", ":7.5,"));
        yield return Document("float-without-fraction", RefusalCode.JsonInvalid, "7.0 is a second spelling of 7", Edit(_resume, ":7,", ":7.0,"));
        yield return Document("exponent", RefusalCode.JsonInvalid, "7e0 is a second spelling of 7", Edit(_resume, ":7,", ":7e0,"));
        yield return Document("negative-zero", RefusalCode.JsonInvalid, "-0 is a second spelling of 0", Edit(_resume, ":7,", ":-0,"));
        yield return Document("integer-too-large", RefusalCode.JsonInvalid, "2^53 is beyond i-json", Edit(_resume, ":7,", ":9007199254740992,"));
        yield return Document("duplicate-member", RefusalCode.JsonInvalid, "one name twice", Edit(_resume, "\"type\"", "\"suspendSequence\":7,\"type\""));
        yield return Document(
            "duplicate-member-escaped", RefusalCode.JsonInvalid, "one name twice, once escaped", Edit(_resume, "\"type\"", "\"\\u0074ype\":1,\"type\""));
        yield return Document("lone-surrogate", RefusalCode.JsonInvalid, "an escaped half of a pair", Edit(_approval, "agreed", "\\ud83d"));
        yield return Document("invalid-utf8", RefusalCode.JsonInvalid, "the byte ff", Split(_approval, "agreed", 0xff));
        yield return Document("overlong-utf8", RefusalCode.JsonInvalid, "c0 af for a solidus", Split(_approval, "agreed", 0xc0, 0xaf));
        yield return Document("byte-order-mark", RefusalCode.JsonInvalid, "ef bb bf at the start", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(_resume)]);
        yield return Document("trailing-value", RefusalCode.JsonInvalid, "a second value", Bytes(_resume + "{}"));
        yield return Document("trailing-nul", RefusalCode.JsonInvalid, "a zero byte at the end", Bytes(_resume + "\0"));
        yield return Document("truncated", RefusalCode.JsonInvalid, "the last byte is missing", Bytes(_resume[..^1]));
        yield return Document("comment", RefusalCode.JsonInvalid, "json has no comments", Edit(_resume, "{", "{/**/"));
        yield return Document("empty", RefusalCode.JsonInvalid, "no bytes", []);
        yield return Document("too-deep", RefusalCode.JsonInvalid, "33 levels", Bytes(new string('[', 33) + new string(']', 33)));
    }

    private static IEnumerable<RefusedDocument> Canonical()
    {
        yield return Document("trailing-newline", RefusalCode.JsonNotCanonical, "whitespace at the end", Bytes(_resume + "\n"));
        yield return Document("whitespace", RefusalCode.JsonNotCanonical, "a space", Edit(_resume, ":7,", ": 7,"));
        yield return Document(
            "unsorted", RefusalCode.JsonNotCanonical, "type stands first", Bytes("{\"type\":\"cleanroom/v1/resume\"," + Text(Edit(_resume, ",\"type\":\"cleanroom/v1/resume\"", ""))[1..]));
        yield return Document("escaped-solidus", RefusalCode.JsonNotCanonical, "a solidus needs no escape", Edit(_resume, "cleanroom/v1/", "cleanroom\\/v1\\/"));
        yield return Document("escaped-letter", RefusalCode.JsonNotCanonical, "a letter needs no escape", Edit(_approval, "agreed", "\\u0061greed"));
    }

    private static IEnumerable<RefusedDocument> Members()
    {
        const RefusalCode invalid = RefusalCode.DocumentInvalid;
        yield return Document("unknown-member", invalid, "a member that is not declared", Edit(_resume, "\"type\"", "\"tail\":1,\"type\""));
        yield return Document("missing-member", invalid, "suspendSequence is missing", Edit(_resume, "\"suspendSequence\":7,", ""));
        yield return Document("member-in-other-case", invalid, "SuspendSequence", Bytes(Recase()));
        yield return Document("null-value", invalid, "null where a value is required", Edit(_resume, ":7,", ":null,"));
        yield return Document("null-array", invalid, "null for an array", Edit(_contract, "\"carriesOver\":[", "\"carriesOver\":null,\"carriesOver2\":["));
        yield return Document("null-item", invalid, "null in an array", Edit(_contract, "\"chipIds\":[\"any\"]", "\"chipIds\":[\"any\",null]"));
        yield return Document("null-in-map", invalid, "null in a map", Edit(_contract, "\"measurement\":\"00ff\"", "\"measurement\":null"));
        yield return Document("null-for-absent", invalid, "null where absence is the form", Edit(_contract, "\"scale\":2", "\"scale\":null"));
        yield return Document("false-for-absent", invalid, "false where absence is the form", Edit(_contract, "\"public\":true", "\"public\":false"));
        yield return Document("integer-in-string", invalid, "\"7\" for 7", Edit(_resume, ":7,", ":\"7\","));
        yield return Document("integer-beyond-32-bits", invalid, "maxRuns has 32 bits", Edit(_approval, "\"maxRuns\":1", "\"maxRuns\":2147483648"));
        yield return Document("decimal-as-integer", invalid, "decimals are strings", Edit(_contract, "\"max\":\"20000\"", "\"max\":20000"));
        yield return Document("decimal-with-plus", invalid, "+20000", Edit(_contract, "\"max\":\"20000\"", "\"max\":\"+20000\""));
        yield return Document("decimal-with-exponent", invalid, "2e4", Edit(_contract, "\"max\":\"20000\"", "\"max\":\"2e4\""));
        yield return Document("decimal-negative-zero", invalid, "-0.0", Edit(_contract, "\"max\":\"20000\"", "\"max\":\"-0.0\""));
        yield return Document("digest-in-upper-case", invalid, "hex is lower case", Bytes(UpperDigest()));
        yield return Document("digest-too-short", invalid, "62 hex digits", Edit(_resume, DocumentSamples.ContractDigest.ToString(), DocumentSamples.ContractDigest.ToString()[2..]));
        yield return Document("base64-without-padding", invalid, "padding is required", Edit(_resume, "==\"", "\""));
        yield return Document("base64-unused-bits", invalid, "unused bits are zero", Bytes(UnusedBits()));
        yield return Document("base64url", invalid, "the alphabet of rfc 4648 s.4", Edit(_contract, "+", "-"));
        yield return Document("word-in-other-case", invalid, "Approve for approve", Edit(_approval, "\"approve\"", "\"Approve\""));
        yield return Document("word-as-number", invalid, "1 for approve", Edit(_approval, "\"approve\"", "1"));
        yield return Document("unknown-word", invalid, "not a declared word", Edit(_approval, "\"approve\"", "\"perhaps\""));
        yield return Document("unknown-word-as-number", invalid, "99 stands for no word", Edit(_approval, "\"approve\"", "99"));
        yield return Document("two-words", invalid, "a list in one string", Edit(_approval, "\"approve\"", "\"approve, refuse\""));
        yield return Document("time-without-milliseconds", invalid, "three digits after the point", Edit(_approval, "00.000Z", "00Z"));
        yield return Document("time-with-offset", invalid, "Z is the only zone", Edit(_approval, "00.000Z", "00.000+00:00"));
        yield return Document("time-that-is-no-day", invalid, "the 31st of february", Edit(_approval, "-01-31T", "-02-31T"));
    }

    private static IEnumerable<RefusedDocument> Types()
    {
        yield return Document("type-missing", RefusalCode.DocumentUnknownType, "no member type", Edit(_resume, ",\"type\":\"cleanroom/v1/resume\"", ""));
        yield return Document("type-unknown", RefusalCode.DocumentUnknownType, "no such document", Edit(_resume, "v1/resume", "v1/resumption"));
        yield return Document("type-of-another-version", RefusalCode.DocumentUnknownType, "version 2", Edit(_resume, "v1/resume", "v2/resume"));
        yield return Document("type-null", RefusalCode.DocumentUnknownType, "null", Edit(_resume, "\"cleanroom/v1/resume\"", "null"));
        yield return Document("not-an-object", RefusalCode.DocumentUnknownType, "an array", Bytes("[]"));
        yield return new("receipt-of-another-statement-type", "receipt", RefusalCode.DocumentUnknownType, "in-toto 0.1", Edit(_receipt, "Statement/v1", "Statement/v0.1"));
        yield return new("receipt-of-another-predicate", "receipt", RefusalCode.DocumentUnknownType, "version 2", Edit(_receipt, "v1/receipt", "v2/receipt"));
        yield return new("receipt-without-subject", "receipt", RefusalCode.DocumentInvalid, "one subject is required", Bytes(Text(WithoutSubject())));
    }

    private static IEnumerable<RefusedDocument> Envelopes()
    {
        const RefusalCode invalid = RefusalCode.EnvelopeInvalid;
        yield return Envelope("envelope-unknown-member", invalid, "a member that is not declared", Edit(_envelope, "\"signatures\"", "\"sig\":1,\"signatures\""));
        yield return Envelope("envelope-without-signatures", invalid, "at least one", Bytes(_envelope[.._envelope.IndexOf('[', StringComparison.Ordinal)] + "[]}"));
        yield return Envelope("envelope-unknown-kind", invalid, "no such kind", Edit(_envelope, "\"es256\"", "\"es384\""));
        yield return Envelope("envelope-webauthn-without-client-data", invalid, "webauthn has five members", Edit(_envelope, "\"es256\"", "\"webauthn\""));
        yield return Envelope("envelope-payload-base64url", invalid, "padding is required", Edit(_envelope, "\",\"payloadType\"", "_\",\"payloadType\""));
        yield return Envelope("envelope-payload-type-with-space", invalid, "visible ascii alone", Edit(_envelope, "application/", "application /"));
        yield return Envelope("envelope-key-twice", invalid, "signatures by different keys", Bytes(KeyTwice()));
        yield return Envelope("envelope-whitespace", RefusalCode.JsonNotCanonical, "a space", Edit(_envelope, "{\"payload\"", "{ \"payload\""));
    }

    private static IEnumerable<RefusedDocument> Rows()
    {
        yield return Row("row-negative-sequence", RefusalCode.RowInvalid, "from 0", Edit(_row, "\"sequence\":6", "\"sequence\":-6"));
        yield return Row("row-unknown-member", RefusalCode.RowInvalid, "a member that is not declared", Edit(_row, "\"sequence\":6", "\"sequence\":6,\"tail\":1"));
        yield return Row("row-time-with-offset", RefusalCode.RowInvalid, "Z is the only zone", Edit(_row, "00.000Z", "00.000+00:00"));
        yield return Row("row-with-invalid-envelope", RefusalCode.EnvelopeInvalid, "no such kind", Edit(_row, "\"es256\"", "\"none\""));
    }

    private static string Recase() => "{\"SuspendSequence\":7," + Text(Edit(_resume, ",\"suspendSequence\":7", ""))[1..];

    private static string UpperDigest() =>
        _resume.Replace(DocumentSamples.ContractDigest.ToString(), DocumentSamples.ContractDigest.ToString().ToUpperInvariant(), StringComparison.Ordinal);

    /// <summary>A nonce of 16 bytes ends with one of AQgw and two signs of padding; the next letter has other unused bits.</summary>
    private static string UnusedBits()
    {
        var place = _resume.IndexOf("==\"", StringComparison.Ordinal) - 1;
        return $"{_resume[..place]}{(char)(_resume[place] + 1)}{_resume[(place + 1)..]}";
    }

    private static byte[] WithoutSubject() => DocumentCodec.Encode(DocumentSamples.Receipt with { Subject = [] });

    private static string KeyTwice()
    {
        var envelope = DocumentVectors.Es256Envelope();
        return Text(EnvelopeCodec.Encode(envelope with { Signatures = [envelope.Signatures[0], envelope.Signatures[0]] }));
    }

    private static RefusedDocument Document(string name, RefusalCode code, string why, byte[] utf8) => new(name, "document", code, why, utf8);

    private static RefusedDocument Envelope(string name, RefusalCode code, string why, byte[] utf8) => new(name, "envelope", code, why, utf8);

    private static RefusedDocument Row(string name, RefusalCode code, string why, byte[] utf8) => new(name, "row", code, why, utf8);

    private static byte[] Edit(string text, string form, string other) => text.Contains(form, StringComparison.Ordinal)
        ? Bytes(text.Replace(form, other, StringComparison.Ordinal))
        : throw new InvalidOperationException($"the good text does not hold {form}");

    private static byte[] Split(string text, string word, params byte[] bytes)
    {
        var place = text.IndexOf(word, StringComparison.Ordinal);
        return [.. Bytes(text[..place]), .. bytes, .. Bytes(text[(place + word.Length)..])];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
