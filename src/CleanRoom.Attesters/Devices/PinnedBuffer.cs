using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CleanRoom.Attesters.Devices;

/// <summary>Bytes at an address that a device is told; zeroed when disposed, since an answer may hold a key.</summary>
internal sealed class PinnedBuffer(int length) : IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Gets the bytes.</summary>
    public Span<byte> Span => _bytes;

    /// <summary>Gets where they are. Valid while this is used: see <see cref="Dispose"/>.</summary>
    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    /// <summary>Zeroes the bytes. Called after the device's answer was read, it also keeps them alive until then.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
