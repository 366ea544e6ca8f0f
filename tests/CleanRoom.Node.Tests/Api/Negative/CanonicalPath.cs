using Microsoft.AspNetCore.Http;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>The path of a request line as a node reads it, which is what the channel binds: a request to a strange path is to open, and its path to be refused.</summary>
internal static class CanonicalPath
{
    public static string Of(string pathAndQuery)
    {
        var query = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        var (path, rest) = query < 0 ? (pathAndQuery, string.Empty) : (pathAndQuery[..query], pathAndQuery[query..]);
        if (path.Contains("%00", StringComparison.Ordinal))
        {
            // The server reads no such path.
            return pathAndQuery;
        }

        return PathString.FromUriComponent(path).ToUriComponent() + (rest == "?" ? string.Empty : rest);
    }
}
