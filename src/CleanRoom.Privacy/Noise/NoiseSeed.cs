using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CleanRoom.Privacy.Noise;

/// <summary>The seed of all noise of one charged run; each output has a stream of its own, whatever the order they are drawn in.</summary>
/// <remarks>
/// A run that is repeated for the same charge has the same seed, so the same noise, and costs nothing more. The seed is derived from the
/// guest-only key and the charge's leaf and MUST NOT leave a guest. Spec: contracts/spec/0014 s.3.
/// </remarks>
public sealed class NoiseSeed : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    /// <summary>The longest label in bytes.</summary>
    public const int MaxLabelBytes = 65_536;

    private readonly byte[] _seed;
    private bool _disposed;

    /// <summary>Copies the seed; the source stays the caller's to zero.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <exception cref="ArgumentException">It is not 32 bytes long.</exception>
    public NoiseSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Length)
        {
            throw new ArgumentException($"wanted {Length} bytes, got {seed.Length}", nameof(seed));
        }

        _seed = GC.AllocateArray<byte>(Length, pinned: true);
        seed.CopyTo(_seed);
    }

    private static ReadOnlySpan<byte> Domain => "cleanroom/v1/noise\0"u8;

    /// <summary>Opens the stream of one output. Who opens it disposes it.</summary>
    /// <param name="label">Names the output, such as the group's key; at most 65,536 bytes. No two outputs of a run share label and index.</param>
    /// <param name="index">Tells outputs of one label apart, such as the aggregate's place.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label is too long.</exception>
    public SeededNoise Stream(ReadOnlySpan<byte> label, ulong index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(label.Length, MaxLabelBytes, nameof(label));
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, _seed);
        mac.AppendData(Domain);
        BinaryPrimitives.WriteUInt32BigEndian(number, (uint)label.Length);
        mac.AppendData(number[..sizeof(uint)]);
        mac.AppendData(label);
        BinaryPrimitives.WriteUInt64BigEndian(number, index);
        mac.AppendData(number);
        Span<byte> key = stackalloc byte[SeededNoise.KeyLength];
        try
        {
            mac.GetHashAndReset(key);
            return new SeededNoise(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Zeroes the seed. Streams that are open stay open.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_seed);
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
