using CleanRoom.Protocol;

namespace CleanRoom.Portal.Features.Keys;

/// <summary>Digests as people compare them over the telephone.</summary>
public static class Fingerprints
{
    private const int Group = 4;

    /// <summary>Returns SHA-256 of a public key in groups of four hex digits.</summary>
    public static string Of(Bytes publicKey) => Of(Digest.Of(publicKey.Span));

    /// <summary>Returns a digest in groups of four hex digits.</summary>
    public static string Of(Digest digest) => string.Join(' ', digest.ToString().Chunk(Group).Select(chars => new string(chars)));
}
