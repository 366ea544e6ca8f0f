using System.Buffers.Binary;
using System.Security.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Streams;

/// <summary>The header of a sealed stream and the key and nonces that follow from it. Spec: contracts/spec/0010 s.4.</summary>
/// <remarks>Shape: 1 byte length of the header, salt (as long as the key), 7-byte nonce prefix.</remarks>
public sealed class SealedStreamHeader
{
    internal const int PrefixBytes = 7;

    private readonly byte[] _bytes;
    private readonly StreamGeometry _geometry;

    private SealedStreamHeader(StreamGeometry geometry, byte[] bytes) => (_geometry, _bytes) = (geometry, bytes);

    /// <summary>Gets the header's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    private ReadOnlySpan<byte> Salt => _bytes.AsSpan(1, _geometry.KeyBytes);

    private ReadOnlySpan<byte> Prefix => _bytes.AsSpan(1 + _geometry.KeyBytes);

    /// <summary>Reads a header.</summary>
    /// <param name="header">Exactly 40 bytes. Trust: attacker-controlled.</param>
    /// <returns>The header, or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static Result<SealedStreamHeader> Parse(ReadOnlySpan<byte> header) => Parse(StreamGeometry.Standard, header);

    /// <summary>Derives the key of this stream.</summary>
    /// <param name="dataKey">32 bytes.</param>
    /// <param name="aad">What the stream is bound to.</param>
    /// <returns>32 bytes. The caller disposes it.</returns>
    public SecretBytes DeriveKey(SecretBytes dataKey, ReadOnlySpan<byte> aad)
    {
        ArgumentNullException.ThrowIfNull(dataKey);
        var key = SecretBytes.Allocate(_geometry.KeyBytes, out var bytes);
        HKDF.DeriveKey(_geometry.Hash, dataKey.Span, bytes, Salt, aad);
        return key;
    }

    /// <summary>Writes the nonce of a segment: prefix, four bytes of its number big-endian, 1 for the last and 0 for the others.</summary>
    /// <param name="place">The segment.</param>
    /// <param name="nonce">12 bytes.</param>
    public void WriteNonce(SegmentPlace place, Span<byte> nonce) => WriteNonce(place.Index, place.IsLast, nonce);

    internal static Result<SealedStreamHeader> Parse(StreamGeometry geometry, ReadOnlySpan<byte> header) =>
        header.Length == geometry.HeaderBytes && header[0] == geometry.HeaderBytes
            ? new SealedStreamHeader(geometry, header.ToArray())
            : new Refusal(
                RefusalCode.SealInvalid,
                $"a stream header of {geometry.HeaderBytes} bytes that names its length",
                header.Length == geometry.HeaderBytes ? $"a header that names {header[0]} bytes" : $"{header.Length} bytes");

    internal static SealedStreamHeader Create(StreamGeometry geometry)
    {
        Span<byte> random = stackalloc byte[geometry.KeyBytes + PrefixBytes];
        RandomNumberGenerator.Fill(random);
        return Create(geometry, random[..geometry.KeyBytes], random[geometry.KeyBytes..]);
    }

    /// <summary>Makes a header of given salt and prefix, which vectors need. Salt and prefix MUST NOT be used twice with a data key.</summary>
    internal static SealedStreamHeader Create(StreamGeometry geometry, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> prefix) =>
        new(geometry, [(byte)geometry.HeaderBytes, .. salt, .. prefix]);

    internal void WriteNonce(long index, bool isLast, Span<byte> nonce)
    {
        Prefix.CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[PrefixBytes..], checked((uint)index));
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
