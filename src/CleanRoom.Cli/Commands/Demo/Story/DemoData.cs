using CleanRoom.Client.Datasets;
using CleanRoom.Protocol;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;
using DocumentDataset = CleanRoom.Protocol.Documents.Dataset;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>A directory with <c>contract.json</c> and a CSV file for each collaborator, such as contracts/examples/nafld.</summary>
/// <param name="Directory">Where the files are.</param>
/// <param name="Example">The contract that the story's own is made from.</param>
internal sealed record DemoData(DirectoryInfo Directory, DocumentContract Example)
{
    /// <summary>Reads and checks the contract, and finds the files.</summary>
    public static Result<DemoData> Open(DirectoryInfo directory)
    {
        if (!Output.ReadContract(new FileInfo(Path.Combine(directory.FullName, "contract.json"))).TryGet(out var example, out var refusals))
        {
            return refusals;
        }

        var data = new DemoData(directory, example);
        var missing = example.Datasets.Select(data.FileOf).FirstOrDefault(file => !file.Exists);
        return missing is null ? data : new Refusal(RefusalCode.DocumentInvalid, "a file for every dataset of the contract", $"nothing at {missing.FullName}");
    }

    /// <summary>Returns the file of a dataset: its owner's name with <c>.csv</c>.</summary>
    public FileInfo FileOf(DocumentDataset dataset) => new(Path.Combine(Directory.FullName, $"{dataset.Owner}.csv"));

    /// <summary>Returns the file of a dataset as an upload reads it.</summary>
    public DatasetSource SourceOf(DocumentDataset dataset)
    {
        var file = FileOf(dataset);
        return new DatasetSource(file.Length, Timestamp.From(file.LastWriteTimeUtc), _ => ValueTask.FromResult<Stream>(file.OpenRead()));
    }
}
