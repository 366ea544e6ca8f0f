using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>The file of one endorsement: JCS with the SHA-256 of the rest of it. Spec: contracts/spec/attestation/endorsements.md.</summary>
internal static class EndorsementCacheEntry
{
    /// <summary>Most bytes of a file: an answer of a mebibyte in base64, and what goes with it.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    private const string Label = "cleanroom/v1/endorsement-cache";
    private const string DigestMember = "digest";

    /// <summary>Writes.</summary>
    public static byte[] Encode(Endorsement endorsement)
    {
        JsonMember[] members =
        [
            new("content", endorsement.Content), new("expires", endorsement.Expires.ToString()), new("fetched", endorsement.Fetched.ToString()),
            new("issuerChain", endorsement.IssuerChain), new("type", Label), new("url", endorsement.Request.Address.AbsoluteUri),
        ];
        return Jcs.Write(new JsonObject([.. members, new(DigestMember, Digest.Labelled(Label, Jcs.Write(new JsonObject([.. members]))))]));
    }

    /// <summary>Reads; null when a byte differs from what was written, or it is of another request.</summary>
    public static Endorsement? Parse(EndorsementRequest request, byte[] file)
    {
        if (!StrictJson.Parse(file, MaxBytes).TryGet(out var value, out _)
            || value is not JsonObject entry
            || !Timestamp.TryParse(Text(entry, "expires"), out var expires)
            || !Timestamp.TryParse(Text(entry, "fetched"), out var fetched)
            || !Bytes.TryParse(Text(entry, "content"), out var content)
            || !Bytes.TryParse(Text(entry, "issuerChain"), out var chain))
        {
            return null;
        }

        // What is read must be what would be written: that compares the digest, the address and every other byte at once.
        var endorsement = new Endorsement { Request = request, Content = content, IssuerChain = chain, Fetched = fetched, Expires = expires };
        return Encode(endorsement).AsSpan().SequenceEqual(file) ? endorsement : null;
    }

    private static string? Text(JsonObject entry, string member) => (entry.Find(member) as JsonString)?.Value;
}
