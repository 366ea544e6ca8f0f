using System.CommandLine;
using CleanRoom.Cli.Hosting;

namespace CleanRoom.Cli.Commands.Query;

/// <summary><c>cleanroom query ...</c>: what is asked.</summary>
internal static class QueryCommands
{
    public static Command Create(CliHost host)
    {
        var command = new Command("query", "What is asked.") { QuerySubmitCommand.Create(host) };
        foreach (var verb in QueryDecisionCommands.Create(host).Concat(QueryViewCommands.Create(host)))
        {
            command.Subcommands.Add(verb);
        }

        return command;
    }
}
