using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace CleanRoom.Cryptography.Keys;

/// <summary>Argon2id with the parameters that the key file format fixes.</summary>
/// <remarks>Spec: RFC 9106 s.4, second recommended option; contracts/spec/0010 s.9.</remarks>
internal static class PassphraseKdf
{
    internal const string Name = "argon2id";

    /// <summary>Version 1.3 of Argon2.</summary>
    internal const int Version = 0x13;

    internal const int Iterations = 3;

    internal const int MemoryKiB = 65_536;

    internal const int Parallelism = 4;

    internal const int SaltBytes = 32;

    internal static SecretBytes Derive(SecretBytes passphrase, ReadOnlySpan<byte> salt)
    {
        var parameters = new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
            .WithVersion(Version)
            .WithIterations(Iterations)
            .WithMemoryAsKB(MemoryKiB)
            .WithParallelism(Parallelism)
            .WithSalt(salt.ToArray())
            .Build();
        var generator = new Argon2BytesGenerator();
        generator.Init(parameters);

        // The library wants arrays; pinned ones are never moved, so zeroing them leaves nothing behind.
        var password = GC.AllocateArray<byte>(passphrase.Length, pinned: true);
        var key = GC.AllocateArray<byte>(AesGcmFormat.KeyBytes, pinned: true);
        try
        {
            passphrase.Span.CopyTo(password);
            generator.GenerateBytes(password, key);
            return SecretBytes.CopyOf(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
