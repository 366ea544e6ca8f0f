using System.Globalization;
using CleanRoom.Protocol;

namespace CleanRoom.Grains;

/// <summary>Keys of grains below a collaboration: <c>collaboration/digest</c>.</summary>
public static class GrainKeys
{
    /// <summary>Makes a key.</summary>
    public static string Of(string collaboration, Digest digest) => $"{collaboration}/{digest}";

    /// <summary>Makes the key of the partitions of all datasets from one on.</summary>
    /// <param name="collaboration">The collaboration.</param>
    /// <param name="partition">Counted as if there were <see cref="Protocol.Contracts.DatasetPartitions.Most"/>.</param>
    public static string OfPartition(string collaboration, int partition) => string.Create(CultureInfo.InvariantCulture, $"{collaboration}/{partition}");

    /// <summary>Takes a key apart.</summary>
    /// <exception cref="FormatException">It was not made by <see cref="Of"/>.</exception>
    public static (string Collaboration, Digest Digest) Split(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? (key[..slash], Digest.Parse(key[(slash + 1)..])) : throw new FormatException("wanted collaboration/digest");
    }
}
