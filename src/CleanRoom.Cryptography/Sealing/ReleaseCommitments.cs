using System.Buffers.Binary;
using System.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Commits to the people whose rows a list holds: who has the salt and the ids can check it, and a hash alone could be tried by dictionary.</summary>
/// <remarks>Spec: contracts/spec/0010 s.8.3.</remarks>
public static class ReleaseCommitments
{
    /// <summary>Length of the salt in bytes.</summary>
    public const int SaltBytes = SealedAnswers.SaltBytes;

    /// <summary>Returns SHA-256(label || 0x00 || salt || set digest).</summary>
    /// <param name="salt">32 bytes: those of the result where the answer holds the ids, else <see cref="Keys.RunSeeds.ReleaseSalt"/>.</param>
    /// <param name="manifestDigest">The dataset version that the people are of.</param>
    /// <param name="ids">Their units in the one text form; the order and how often each is there do not matter.</param>
    /// <exception cref="ArgumentException">The salt is not 32 bytes long.</exception>
    public static Digest Commit(ReadOnlySpan<byte> salt, Digest manifestDigest, IEnumerable<string> ids) => salt.Length == SaltBytes
        ? Digest.Labelled(Labels.Release, [.. salt, .. SetDigest(manifestDigest, ids).ToArray()])
        : throw new ArgumentException($"wanted {SaltBytes} bytes, got {salt.Length}", nameof(salt));

    private static Digest SetDigest(Digest manifestDigest, IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var set = new MemoryStream();
        set.Write(manifestDigest.ToArray());
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (var id in ids.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes).Order(ByteOrder.Instance))
        {
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)id.Length);
            set.Write(length);
            set.Write(id);
        }

        return Digest.Labelled(Labels.ReleasedUnits, set.ToArray());
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
