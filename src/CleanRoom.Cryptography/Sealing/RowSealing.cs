using System.Security.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Seals ledger rows for the store.</summary>
/// <remarks>
/// Shape: 32-byte salt, then AES-256-GCM of the row. The key of a row is HKDF-SHA256(row key, salt, label) and seals one
/// message, so its nonce is zero. A random nonce under the row key itself would limit it to 2^32 rows and retries
/// (NIST SP 800-38D s.8.3), and a nonce from the sequence would repeat when a rolled-back store appends again; a random 32-byte
/// salt does neither. Spec: contracts/spec/0010 s.7.
/// </remarks>
public static class RowSealing
{
    /// <summary>Bytes that sealing adds.</summary>
    public const int OverheadBytes = SaltBytes + AesGcmFormat.TagBytes;

    private const int SaltBytes = 32;

    private static readonly ReadOnlyMemory<byte> s_nonce = new byte[AesGcmFormat.NonceBytes];

    /// <summary>Seals a row.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="rowKey">32 bytes: <see cref="Keys.CollaborationSecret.DeriveRowKey"/>.</param>
    /// <param name="position">Where the row stands.</param>
    /// <param name="row">The row's JCS bytes.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The sealed row: <see cref="OverheadBytes"/> longer.</returns>
    public static ValueTask<byte[]> SealAsync(
        ICryptoBackend backend, SecretBytes rowKey, RowPosition position, ReadOnlyMemory<byte> row, CancellationToken cancellationToken) =>
        SealAsync(backend, rowKey, position, RandomNumberGenerator.GetBytes(SaltBytes), row, cancellationToken);

    /// <summary>Opens a row.</summary>
    /// <param name="backend">Does the decryption.</param>
    /// <param name="rowKey">32 bytes.</param>
    /// <param name="position">Where the row must stand.</param>
    /// <param name="sealedRow">Trust: host-controlled.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The row's JCS bytes, or <see cref="RefusalCode.RowInvalid"/>.</returns>
    public static async ValueTask<Result<byte[]>> OpenAsync(
        ICryptoBackend backend,
        SecretBytes rowKey,
        RowPosition position,
        ReadOnlyMemory<byte> sealedRow,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(rowKey);
        ArgumentNullException.ThrowIfNull(position);
        if (sealedRow.Length < OverheadBytes)
        {
            return new Refusal(
                RefusalCode.RowInvalid, $"at least {OverheadBytes} bytes of sealed row {position.Sequence}", $"{sealedRow.Length} bytes");
        }

        using var key = SecretKdf.Derive(rowKey.Span, sealedRow.Span[..SaltBytes], Labels.Row);
        var row = new byte[sealedRow.Length - OverheadBytes];
        return await backend.AesGcmOpenAsync(
            key, s_nonce, position.AssociatedData(), sealedRow[SaltBytes..], row, cancellationToken)
            ? row
            : new Refusal(
                RefusalCode.RowInvalid,
                $"row {position.Sequence} as it was sealed, after the row before it",
                "bytes that do not authenticate");
    }

    internal static async ValueTask<byte[]> SealAsync(
        ICryptoBackend backend,
        SecretBytes rowKey,
        RowPosition position,
        ReadOnlyMemory<byte> salt,
        ReadOnlyMemory<byte> row,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(rowKey);
        ArgumentNullException.ThrowIfNull(position);
        using var key = SecretKdf.Derive(rowKey.Span, salt.Span, Labels.Row);
        var output = new byte[checked(row.Length + OverheadBytes)];
        salt.CopyTo(output);
        await backend.AesGcmSealAsync(
            key, s_nonce, position.AssociatedData(), row, output.AsMemory(SaltBytes), cancellationToken);
        return output;
    }
}
