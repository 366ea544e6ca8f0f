using System.Security.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Machines;

/// <summary>The name of this build: version and digest of its own assemblies. For people; a real TEE measures the whole image.</summary>
internal static class BuildName
{
    private const int ShownDigits = 16;

    /// <summary>Returns <c>cleanroom VERSION+DIGEST</c>; the digest is SHA-256 over name and bytes of each assembly of the product, in order of name.</summary>
    public static string Compute() => Compute(AppContext.BaseDirectory);

    /// <summary>As <see cref="Compute()"/>, for a program of this version in another folder.</summary>
    public static string Compute(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var assemblies = Directory.GetFiles(folder, "*.dll")
            .Where(path => Path.GetFileName(path) is { } name
                && (name.StartsWith("CleanRoom.", StringComparison.Ordinal) || name == "cleanroom.dll"))
            .Order(StringComparer.Ordinal);
        foreach (var path in assemblies)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path) + "\0"));
            hash.AppendData(File.ReadAllBytes(path));
        }

        var version = typeof(BuildName).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        return $"cleanroom {version}+{new Digest(hash.GetHashAndReset()).ToString()[..ShownDigits]}";
    }
}
