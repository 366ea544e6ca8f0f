using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Seals what the audit of earlier answers remembers, for the node alone. Only the state of this commitment opens in its place.</summary>
/// <remarks>
/// A <see cref="SealedStream"/> under HKDF-SHA256(guest-only key, no salt, label), bound to JCS{collaboration, commitment, manifestDigest}.
/// Spec: contracts/spec/0010 s.8.2, 0015 s.5.
/// </remarks>
public static class HistorySealing
{
    /// <summary>Seals a state.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="guestOnlyKey">Of the collaboration.</param>
    /// <param name="position">What the state is bound to.</param>
    /// <param name="state">Secret; the caller zeroes it.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    public static async ValueTask<byte[]> SealAsync(
        ICryptoBackend backend, SecretBytes guestOnlyKey, HistoryPosition position, ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(position);
        using var key = Derive(guestOnlyKey);
        return await SealedStream.SealAsync(backend, key, position.AssociatedData(), state, cancellationToken);
    }

    /// <summary>Opens a state.</summary>
    /// <param name="backend">Does the decryption.</param>
    /// <param name="guestOnlyKey">Of the collaboration.</param>
    /// <param name="position">What the ledger says that the state is bound to.</param>
    /// <param name="blob">Trust: host-controlled.</param>
    /// <param name="cancellationToken">Stops between segments.</param>
    /// <returns>The state, which is secret; or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static async ValueTask<Result<byte[]>> OpenAsync(
        ICryptoBackend backend, SecretBytes guestOnlyKey, HistoryPosition position, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(position);
        using var key = Derive(guestOnlyKey);
        return await SealedStream.OpenAsync(backend, key, position.AssociatedData(), blob, cancellationToken);
    }

    private static SecretBytes Derive(SecretBytes guestOnlyKey)
    {
        ArgumentNullException.ThrowIfNull(guestOnlyKey);
        return SecretKdf.Derive(guestOnlyKey.Span, salt: [], Labels.HistoryKey);
    }
}

/// <summary>Which memory of earlier answers it is.</summary>
/// <param name="Collaboration">The collaboration's id.</param>
/// <param name="ManifestDigest">The dataset version whose answers are remembered.</param>
/// <param name="Commitment">The state's commitment, in the result row.</param>
public sealed record HistoryPosition(string Collaboration, Digest ManifestDigest, Digest Commitment)
{
    /// <summary>Returns JCS{collaboration, commitment, manifestDigest}.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("commitment", Commitment.ToString()),
        new JsonMember("manifestDigest", ManifestDigest.ToString())));
}
