using CleanRoom.Protocol;

namespace CleanRoom.Cryptography;

/// <summary>An Ed25519 private key that cosigns checkpoints and need not be extractable.</summary>
public interface IWitnessKey : IDisposable
{
    /// <summary>Gets the public key: 32 bytes.</summary>
    Bytes PublicKey { get; }

    /// <summary>Signs the data.</summary>
    /// <returns>64 bytes. Spec: RFC 8032 s.5.1.6.</returns>
    ValueTask<byte[]> SignEd25519Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
