using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Guest;

/// <summary>Seals a secret so that the same code on the same machine can open it after a restart. Guest only.</summary>
/// <remarks>
/// The sealed bytes are kept by the host. MUST bind the context: what was sealed for one collaboration does not open for
/// another. MUST be safe for concurrent calls. Staleness is not this port's matter: the host can bring back an older sealed
/// secret, and the ledger's freshness rules are what notices.
/// </remarks>
public interface ISecretSealer
{
    /// <summary>Gets the name of the way it seals, for logs and for <c>doctor</c>.</summary>
    string Kind { get; }

    /// <summary>Seals a secret of 1 to 4,096 bytes. The caller still disposes it.</summary>
    ValueTask<Bytes> SealAsync(SecretBytes secret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken);

    /// <summary>Opens what <see cref="SealAsync"/> made. The caller disposes the secret. Trust: host-controlled.</summary>
    /// <returns>The secret, or <see cref="RefusalCode.SealInvalid"/>.</returns>
    ValueTask<Result<SecretBytes>> UnsealAsync(
        ReadOnlyMemory<byte> sealedSecret, ReadOnlyMemory<byte> context, CancellationToken cancellationToken);
}
