using System.Security.Cryptography;
using System.Text;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>Bytes and keys that a name determines, so that a failing test fails again.</summary>
public static class TestRandom
{
    /// <summary>Returns bytes that look random.</summary>
    public static Bytes Bytes(string name, int length) => new(HKDF.Expand(HashAlgorithmName.SHA256, Seed(name), length));

    /// <summary>Returns a document's nonce: 16 bytes.</summary>
    public static Bytes Nonce(string name) => Bytes($"nonce {name}", 16);

    /// <summary>Returns an Ed25519 key.</summary>
    public static Ed25519Key Ed25519(string name)
    {
        using var seed = SecretBytes.CopyOf(Seed(name));
        return Ed25519Key.FromSeed(seed);
    }

    private static byte[] Seed(string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"cleanroom test seed: {name}"));
}
