using System.Text;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Insecure;

/// <summary>The key of the simulated TEE. INSECURE: everyone knows it, so a signature by it proves nothing.</summary>
/// <remarks>It exists so that an accidental or a demonstrated change of evidence is noticed. Spec: contracts/spec/0006 s.7.</remarks>
public static class InsecureSimulatedKey
{
    /// <summary>The text whose SHA-256 is the seed.</summary>
    public const string SeedText = "cleanroom/v1/insecure-simulated-key: everyone knows this key, it proves nothing";

    private static readonly SignatureVerifier _verifier = new();

    /// <summary>Gets the Ed25519 public key: 32 bytes.</summary>
    public static Bytes PublicKey { get; } = GetPublicKey();

    /// <summary>Signs. Anyone can.</summary>
    public static Bytes Sign(ReadOnlySpan<byte> data)
    {
        using var key = Make();
        return new Bytes(key.Sign(data));
    }

    /// <summary>Verifies.</summary>
    public static bool Verify(ReadOnlySpan<byte> data, Bytes signature) => _verifier.VerifyEd25519(PublicKey.Span, data, signature.Span);

    private static Bytes GetPublicKey()
    {
        using var key = Make();
        return key.PublicKey;
    }

    private static Ed25519Key Make()
    {
        Span<byte> seed = stackalloc byte[Digest.Length];
        Digest.Of(Encoding.ASCII.GetBytes(SeedText)).CopyTo(seed);
        using var secret = SecretBytes.Take(seed);
        return Ed25519Key.FromSeed(secret);
    }
}
