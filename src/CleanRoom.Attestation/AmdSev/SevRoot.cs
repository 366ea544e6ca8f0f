using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>A root of AMD, known by its key: the certificates in AMD's own format have no names.</summary>
/// <param name="Name">The product.</param>
/// <param name="SpkiDigest">SHA-256 of the key's SubjectPublicKeyInfo.</param>
public sealed record SevRoot(string Name, Digest SpkiDigest)
{
    /// <summary>Gets the keys of the roots that AMD publishes. From Milan on they are those of the roots of SEV-SNP.</summary>
    public static ImmutableArray<SevRoot> Pinned { get; } =
    [
        new("Naples", Digest.Parse("3a04f8f1347de206c9206a81148ba4ef0a233b245d43a15dd82de043bb3e4f69")),
        new("Rome", Digest.Parse("7447ffa21e2b938bfade89f5e9066c00a328813bfc43685605cceabd18da6fde")),
        new("Milan", Digest.Parse("9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9")),
        new("Genoa", Digest.Parse("429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831")),
        new("Turin", Digest.Parse("4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08")),
    ];
}
