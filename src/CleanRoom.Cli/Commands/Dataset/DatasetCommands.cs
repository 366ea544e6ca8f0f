using System.CommandLine;
using CleanRoom.Cli.Hosting;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary><c>cleanroom dataset ...</c>: what the parties bring.</summary>
internal static class DatasetCommands
{
    public static Command Create(CliHost host)
    {
        var command = new Command("dataset", "What the parties bring.")
        {
            DatasetInspectCommand.Create(host), DatasetSealCommand.Create(host), DatasetUploadCommand.Create(host),
        };
        foreach (var verb in DatasetRoomCommands.Create(host))
        {
            command.Subcommands.Add(verb);
        }

        return command;
    }
}
