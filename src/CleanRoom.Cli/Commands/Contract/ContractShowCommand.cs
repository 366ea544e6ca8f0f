using System.CommandLine;

namespace CleanRoom.Cli.Commands.Contract;

/// <summary><c>cleanroom contract show FILE</c>: what each party brings and may learn, in words.</summary>
internal static class ContractShowCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The contract as JSON." };
        var command = new Command("show", "Says in words what each party brings and may learn.") { file };
        command.SetAction(parsed =>
        {
            if (!Output.ReadContract(parsed.GetRequiredValue(file)).TryGet(out var contract, out var refusals))
            {
                return Output.Refuse(refusals);
            }

            Output.Write(contract);
            return ExitCodes.Ok;
        });
        return command;
    }
}
