using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Engine.Tests.Datasets;

/// <summary>The real records of three institutions, and the contract over them, as they are committed.</summary>
internal static class ExampleFiles
{
    /// <summary>Gets the contract; its keys are test keys.</summary>
    public static Contract Contract { get; } = DocumentCodec.FromPerson<Contract>(File.ReadAllBytes(Find("contract.json"))).Value;

    /// <summary>Returns the path of a file of <c>contracts/examples/nafld</c>.</summary>
    public static string Find(string name) => RepositoryFiles.Committed("contracts", "examples", "nafld", name);
}
