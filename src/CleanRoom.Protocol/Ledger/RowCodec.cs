using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Ledger;

/// <summary>Turns rows into JCS{envelope, sequence, time} and back.</summary>
/// <remarks>Spec: contracts/spec/0005 s.3.</remarks>
public static class RowCodec
{
    /// <summary>The largest encoded row, in bytes.</summary>
    public const int MaxRowBytes = EnvelopeCodec.MaxEnvelopeBytes + 256;

    /// <summary>Returns the row bytes.</summary>
    public static byte[] Encode(LedgerRow row) => Jcs.Write(new JsonObject(
        new JsonMember("envelope", EnvelopeCodec.ToJson(row.Envelope)),
        new JsonMember("sequence", row.Sequence),
        new JsonMember("time", row.Time.ToString())));

    /// <summary>Reads row bytes. No signature is checked.</summary>
    /// <param name="utf8">Trust: host-controlled.</param>
    /// <returns>
    /// The row, or <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.JsonInvalid"/>,
    /// <see cref="RefusalCode.JsonNotCanonical"/>, <see cref="RefusalCode.EnvelopeInvalid"/>, <see cref="RefusalCode.RowInvalid"/>.
    /// </returns>
    public static Result<LedgerRow> Parse(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.Parse(utf8, MaxRowBytes).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        if (!Jcs.Write(tree).AsSpan().SequenceEqual(utf8))
        {
            return Result.Refuse<LedgerRow>(RefusalCode.JsonNotCanonical, "the bytes of RFC 8785", "another spelling of the same value");
        }

        return tree is JsonObject { Members.Length: 3 } o
            && o.Find("envelope") is { } envelope
            && o.Find("sequence") is JsonInteger { Value: >= 0 } sequence
            && o.Find("time") is JsonString timeText && Timestamp.TryParse(timeText.Value, out var time)
            ? EnvelopeCodec.FromJson(envelope).Then(read => Result.Accept(new LedgerRow(sequence.Value, time, read)))
            : Result.Refuse<LedgerRow>(RefusalCode.RowInvalid, "exactly the members envelope, sequence from 0 and time", "others");
    }
}
