using System.Security.Cryptography;
using System.Text;

namespace CleanRoom.Policy.Tests.Fuzz;

/// <summary>The same numbers for the same case, on every machine.</summary>
internal sealed class Seeded(int seed)
{
    private int _next;

    /// <summary>Returns a number from 0 to below the limit.</summary>
    public int Below(int limit)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seed}/{_next++}")), hash);
        return (int)(BitConverter.ToUInt32(hash) % (uint)limit);
    }

    /// <summary>Returns one of the items.</summary>
    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Says yes one time in so many.</summary>
    public bool OneIn(int times) => Below(times) == 0;
}
