using System.CommandLine;
using CleanRoom.Cli.Hosting;

namespace CleanRoom.Cli.Commands.Contract;

/// <summary><c>cleanroom contract ...</c>: what the parties sign.</summary>
internal static class ContractCommands
{
    public static Command Create(CliHost host)
    {
        var command = new Command("contract", "What the parties sign.") { ContractNewCommand.Create(host), ContractImportCommand.Create(host) };
        foreach (var verb in ContractTextCommands.Create(host).Concat(ContractRoomCommands.Create(host)))
        {
            command.Subcommands.Add(verb);
        }

        return command;
    }
}
