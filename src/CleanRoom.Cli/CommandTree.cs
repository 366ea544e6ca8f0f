using System.CommandLine;
using CleanRoom.Cli.Commands.Attest;
using CleanRoom.Cli.Commands.Contract;
using CleanRoom.Cli.Commands.Dataset;
using CleanRoom.Cli.Commands.Demo;
using CleanRoom.Cli.Commands.Doctor;
using CleanRoom.Cli.Commands.Keys;
using CleanRoom.Cli.Commands.Log;
using CleanRoom.Cli.Commands.Member;
using CleanRoom.Cli.Commands.Portal;
using CleanRoom.Cli.Commands.Query;
using CleanRoom.Cli.Commands.Receipt;
using CleanRoom.Cli.Commands.Recover;
using CleanRoom.Cli.Commands.Results;
using CleanRoom.Cli.Commands.Room;
using CleanRoom.Cli.Commands.Serve;
using CleanRoom.Cli.Commands.Watch;
using CleanRoom.Cli.Hosting;

namespace CleanRoom.Cli;

/// <summary>Every noun and verb.</summary>
internal static class CommandTree
{
    /// <summary>Makes the commands.</summary>
    public static RootCommand Create(CliHost host) => new("CleanRoom: one answer from data that none of the parties may show the others.")
    {
        DemoCommand.Create(),
        ServeCommand.Create(),
        PortalCommand.Create(),
        DoctorCommand.Create(host),
        KeysCommands.Create(host),
        MemberCommands.Create(host),
        RoomVerifyCommand.Create(host),
        AttestCommands.Create(host),
        ContractCommands.Create(host),
        DatasetCommands.Create(host),
        QueryCommands.Create(host),
        ResultGetCommand.Create(host),
        ReceiptVerifyCommand.Create(host),
        LogCommands.Create(host),
        WatchCommand.Create(host),
        RecoverCommand.Create(host),
    };

    /// <summary>Runs one command line; a mistake in this program is exit code 70, with nothing of what it was about.</summary>
    public static async Task<int> RunAsync(CliHost host, string[] args)
    {
        try
        {
            var configuration = new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false };
            if (args is ["serve", ..])
            {
                configuration.ProcessTerminationTimeout = ServeCommand.LongestStop;
            }

            return await Create(host).Parse(args).InvokeAsync(configuration);
        }
#pragma warning disable CA1031 // The edge of the program: whatever came this far is a bug, and is told as one.
        catch (Exception bug) when (bug is not OperationCanceledException)
#pragma warning restore CA1031
        {
            host.Say($"a bug in this program: {bug.GetType().Name} in {bug.TargetSite?.DeclaringType?.Name}.{bug.TargetSite?.Name}");
            return ExitCodes.Bug;
        }
        catch (OperationCanceledException)
        {
            host.Say("stopped");
            return ExitCodes.Usage;
        }
    }
}
