using System.Text.Json;
using CleanRoom.TestKit;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Genuine evidence of other projects, beside the repository: never part of it. Where it is absent, tests skip with the reason.</summary>
internal static class SharedVectors
{
    /// <summary>Gets the folder; null when it is not beside the repository.</summary>
    public static string? Folder { get; } = RepositoryFiles.Shared("vectors", "attestation");

    /// <summary>Reads a file below the folder, or skips the test.</summary>
    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Require(), path));

    /// <summary>Reads a JSON file below the folder, or skips the test.</summary>
    public static JsonElement Json(string path) => JsonDocument.Parse(Read(path)).RootElement;

    /// <summary>Returns the folder, or skips the test.</summary>
    public static string Require()
    {
        Assert.SkipWhen(Folder is null, "the genuine attestation vectors are not beside the repository (shared/vectors/attestation)");
        return Folder!;
    }
}
