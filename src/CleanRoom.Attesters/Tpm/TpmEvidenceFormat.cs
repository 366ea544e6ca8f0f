using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Writes the evidence of a TPM: one canonical JSON object. Spec: contracts/spec/0006 s.9.</summary>
internal static class TpmEvidenceFormat
{
    private const string Type = "cleanroom/v1/tpm-evidence";

    /// <summary>Returns the bytes; <c>eventLog</c> is a member only when there is one.</summary>
    public static Bytes Write(TpmKey key, TpmQuote quote, byte[]? eventLog)
    {
        var members = ImmutableArray.Create(
            new JsonMember("akPublic", new Bytes(key.Public.Span)),
            new JsonMember("pcrs", quote.Pcrs.ToJson()),
            new JsonMember("quote", new Bytes(quote.Attest.Span)),
            new JsonMember("signature", new Bytes(quote.Signature.Span)),
            new JsonMember("type", Type));
        return new Bytes(Jcs.Write(new JsonObject(eventLog is null ? members : members.Add(new JsonMember("eventLog", new Bytes(eventLog))))));
    }
}
