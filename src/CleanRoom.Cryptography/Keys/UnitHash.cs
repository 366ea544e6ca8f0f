using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace CleanRoom.Cryptography.Keys;

/// <summary>Spreads the units of one collaboration over partitions: equal units meet, and nobody without the key can tell which, or make many meet.</summary>
/// <remarks>
/// hash = SipHash-2-4(K, unit) as a 64-bit number, K = the first 16 bytes of HKDF-SHA256(guest-only key, no salt, label). Source: Aumasson and
/// Bernstein, SipHash (INDOCRYPT 2012). Spec: contracts/spec/0007 s.12. Not safe for concurrent calls.
/// </remarks>
public sealed class UnitHash
{
    private const int KeyBytes = 16;

    private readonly SipHash _mac = new();

    private UnitHash(ReadOnlySpan<byte> key) => _mac.Init(new KeyParameter(key));

    /// <summary>Derives the key of a collaboration.</summary>
    /// <param name="guestOnlyKey">Of the collaboration.</param>
    public static UnitHash Of(SecretBytes guestOnlyKey)
    {
        ArgumentNullException.ThrowIfNull(guestOnlyKey);
        using var key = SecretKdf.Derive(guestOnlyKey.Span, salt: [], Labels.PartitionKey);
        return new UnitHash(key.Span[..KeyBytes]);
    }

    /// <summary>Returns the hash of a unit.</summary>
    /// <param name="unit">Its bytes as they are stored.</param>
    public ulong Of(ReadOnlySpan<byte> unit)
    {
        Span<byte> hash = stackalloc byte[sizeof(ulong)];
        _mac.BlockUpdate(unit);
        _mac.DoFinal(hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
