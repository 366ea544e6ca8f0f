using CleanRoom.Protocol.Documents;

namespace CleanRoom.Engine.Tests.Datasets;

/// <summary>The real records of three institutions, and the contract over them, as they are committed.</summary>
internal static class ExampleFiles
{
    /// <summary>Gets the contract; its keys are test keys.</summary>
    public static Contract Contract { get; } = DocumentCodec.FromPerson<Contract>(File.ReadAllBytes(Find("contract.json"))).Value;

    /// <summary>Returns the path of a file of <c>contracts/examples/nafld</c>.</summary>
    /// <exception cref="FileNotFoundException">The test does not run inside the repository.</exception>
    public static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "contracts", "examples", "nafld", name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException("wanted a file of contracts/examples/nafld; got none above the test", name);
    }
}
