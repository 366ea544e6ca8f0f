using System.Buffers.Binary;
using System.Numerics;

namespace CleanRoom.Cryptography.Keys;

/// <summary>Spreads the units of one collaboration over partitions: equal units meet, and nobody without the key can tell which, or make many meet.</summary>
/// <remarks>
/// hash = SipHash-2-4(K, unit) as a 64-bit number, K = the first 16 bytes of HKDF-SHA256(guest-only key, no salt, label). Source: Aumasson and
/// Bernstein, SipHash (INDOCRYPT 2012), s.2. Spec: contracts/spec/0007 s.12. Safe for concurrent calls.
/// </remarks>
public sealed class UnitHash
{
    private const int KeyBytes = 16;

    private readonly ulong _first;
    private readonly ulong _second;

    private UnitHash(ReadOnlySpan<byte> key) =>
        (_first, _second) = (BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[sizeof(ulong)..]));

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
        // Spec: SipHash s.2.1 to s.2.3; the text of the constants is "somepseudorandomlygeneratedbytes".
        var state = new State(_first ^ 0x736F_6D65_7073_6575, _second ^ 0x646F_7261_6E64_6F6D, _first ^ 0x6C79_6765_6E65_7261, _second ^ 0x7465_6462_7974_6573);
        var last = (ulong)unit.Length << 56;
        for (; unit.Length >= sizeof(ulong); unit = unit[sizeof(ulong)..])
        {
            state.Compress(BinaryPrimitives.ReadUInt64LittleEndian(unit));
        }

        for (var i = 0; i < unit.Length; i++)
        {
            last |= (ulong)unit[i] << (8 * i);
        }

        state.Compress(last);
        return state.Finish();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    private struct State(ulong v0, ulong v1, ulong v2, ulong v3)
    {
        private ulong _v0 = v0, _v1 = v1, _v2 = v2, _v3 = v3;

        public void Compress(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xFF;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
