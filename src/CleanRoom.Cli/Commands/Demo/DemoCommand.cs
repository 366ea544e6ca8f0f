using System.CommandLine;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol.Documents;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;

namespace CleanRoom.Cli.Commands.Demo;

/// <summary><c>cleanroom demo</c>: the story of three institutions as far as it is built, on real records.</summary>
internal static class DemoCommand
{
    private static readonly string[] _notBuilt =
    [
        "starting a room, signing by all three, sealing and uploading",
        "the query, its approval, its run and the answer",
        "the receipt and its check without a network",
        "--tamper, --stay, --json and --tee",
    ];

    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data")
        {
            Description = "A directory with contract.json, registry.csv, laboratory.csv and hospital.csv.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("contracts", "examples", "nafld")),
        };
        var command = new Command("demo", "Plays the story of three institutions as far as it is built, and says what is not.") { data };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(data), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo data, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(data.FullName, "contract.json"));
        if (!Output.ReadContract(file).TryGet(out var contract, out var refusals))
        {
            return Output.Refuse(refusals);
        }

        Console.Out.WriteLine($"1. The contract is valid. Its digest is {DocumentCodec.DigestOf(contract)}.");
        Output.Write(contract);
        var exit = await CheckAsync(contract, data, cancellationToken);
        Console.Out.WriteLine("Not built yet:");
        foreach (var step in _notBuilt)
        {
            Console.Out.WriteLine($"  - {step}");
        }

        return exit;
    }

    private static async Task<int> CheckAsync(DocumentContract contract, DirectoryInfo data, CancellationToken cancellationToken)
    {
        Console.Out.WriteLine("2. Each institution checks its file against the contract, on its own machine:");
        foreach (var dataset in contract.Datasets)
        {
            await using var source = File.OpenRead(Path.Combine(data.FullName, $"{dataset.Owner}.csv"));
            var report = await DatasetChecker.RunAsync(source, dataset, new CheckOptions(), progress: null, cancellationToken);
            Console.Out.WriteLine(
                $"  {dataset.SqlName}: {(report.Accepted ? "accepted" : "refused")}, {report.Rows} rows of {report.DistinctUnits} people, "
                + $"at most {report.MaxRowsPerUnit} rows of one person, {report.RoundedCells} cells rounded to the declared scale");
            if (!report.Accepted)
            {
                Console.Error.WriteLine($"cleanroom: {dataset.SqlName} is refused: {string.Join(", ", report.ProblemCounts.Keys)}");
                return ExitCodes.Of(Protocol.RefusalCode.DatasetRejected);
            }
        }

        return ExitCodes.Ok;
    }
}
