using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CleanRoom.Privacy.Noise;

/// <summary>The random bytes of one output: block i is HMAC-SHA-512(key, u64(i)), from i = 0.</summary>
/// <remarks>A pseudorandom function in counter mode, as in NIST SP 800-108. Not for use by two threads. Spec: contracts/spec/0014 s.3.</remarks>
public sealed class SeededNoise : RandomBytes, IDisposable
{
    internal const int KeyLength = 64;

    private readonly IncrementalHash _mac;
    private readonly byte[] _block = GC.AllocateArray<byte>(SHA512.HashSizeInBytes, pinned: true);
    private ulong _next;
    private int _used = SHA512.HashSizeInBytes;
    private bool _disposed;

    /// <summary>Opens a stream.</summary>
    /// <param name="key">64 bytes. Stays the caller's to zero.</param>
    /// <remarks>The key is kept where the library keeps keys, with its two inner states worked out once for all blocks.</remarks>
    internal SeededNoise(ReadOnlySpan<byte> key) => _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, key);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The stream was disposed.</exception>
    public override void Fill(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!destination.IsEmpty)
        {
            if (_used == _block.Length)
            {
                Refill();
            }

            var length = Math.Min(destination.Length, _block.Length - _used);
            _block.AsSpan(_used, length).CopyTo(destination);
            _used += length;
            destination = destination[length..];
        }
    }

    /// <summary>Gives up the key, which the library zeroes, and zeroes the bytes that were not drawn.</summary>
    public void Dispose()
    {
        _disposed = true;
        _mac.Dispose();
        CryptographicOperations.ZeroMemory(_block);
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    private void Refill()
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(counter, checked(_next++));
        _mac.AppendData(counter);
        _mac.GetHashAndReset(_block);
        _used = 0;
    }
}
