using System.Text.Json;
using CleanRoom.Benchmarks.Running;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Ratios;

/// <summary>A file of results: one line for each measure, each with when, where and of which code it was taken.</summary>
/// <param name="Measures">The lines, in the order in which they were first taken.</param>
internal sealed record RatioFile(IReadOnlyList<Ratio> Measures)
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Gets the folder of committed figures.</summary>
    public static string Committed => RepositoryFiles.Committed("tests", "CleanRoom.Benchmarks", "results");

    /// <summary>Gets the folder of all others.</summary>
    public static string Fresh => RepositoryFiles.Committed("results");

    /// <summary>Reads the file of a verb.</summary>
    /// <returns>One without lines where there is none.</returns>
    public static RatioFile Read(string folder, string verb) =>
        PathOf(folder, verb) is var path && File.Exists(path) ? Parse(File.ReadAllBytes(path)) : new RatioFile([]);

    /// <summary>Reads the bytes of a file.</summary>
    public static RatioFile Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<RatioFile>(json, s_options) ?? throw new InvalidDataException("wanted results; got null");

    /// <summary>Puts a line in the place of the one of its name, or behind the others: in the full tier into the committed file.</summary>
    /// <returns>The path.</returns>
    public static string Put(Choice choice, string verb, Ratio one)
    {
        var folder = Directory.CreateDirectory(choice.IsFull ? Committed : Fresh).FullName;
        var lines = Read(folder, verb).Measures.ToList();
        var place = lines.FindIndex(line => line.Name == one.Name);
        if (place < 0)
        {
            lines.Add(one);
        }
        else
        {
            lines[place] = one;
        }

        var path = PathOf(folder, verb);
        File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(new RatioFile(lines), s_options), (byte)'\n']);
        return path;
    }

    private static string PathOf(string folder, string verb) => Path.Combine(folder, verb + ".json");
}
