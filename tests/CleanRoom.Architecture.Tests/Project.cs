using System.Xml.Linq;

namespace CleanRoom.Architecture.Tests;

/// <summary>What a project file says about its dependencies.</summary>
/// <param name="Name">The file's name without extension.</param>
/// <param name="Path">Relative to the root.</param>
/// <param name="References">The names of referenced projects, also the conditional ones.</param>
/// <param name="Packages">The names of referenced packages.</param>
internal sealed record Project(string Name, string Path, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    /// <summary>All projects below a folder.</summary>
    public static IReadOnlyList<Project> In(string folder) => [.. Repository.Files(folder, ".csproj").Select(Load)];

    public static Project Load(string path)
    {
        var xml = XDocument.Parse(Repository.Read(path));
        return new Project(
            System.IO.Path.GetFileNameWithoutExtension(path),
            path,
            [.. Includes(xml, "ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes(xml, "PackageReference")]);
    }

    /// <summary>Returns the value of a property that the file itself sets; null when it does not.</summary>
    public string? Property(string name) => XDocument.Parse(Repository.Read(Path)).Descendants(name).FirstOrDefault()?.Value;

    private static IEnumerable<string> Includes(XDocument xml, string element) =>
        xml.Descendants(element).Select(one => one.Attribute("Include")?.Value).OfType<string>();
}
