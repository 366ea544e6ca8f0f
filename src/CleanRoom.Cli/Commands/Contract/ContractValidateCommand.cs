using System.CommandLine;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Contract;

/// <summary><c>cleanroom contract validate FILE</c>: every problem, or the digest that the parties sign.</summary>
internal static class ContractValidateCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The contract as JSON." };
        var command = new Command("validate", "Lists every problem, or prints the digest that the parties sign.") { file };
        command.SetAction(parsed =>
        {
            if (!Output.ReadContract(parsed.GetRequiredValue(file)).TryGet(out var contract, out var refusals))
            {
                return Output.Refuse(refusals);
            }

            Console.Out.WriteLine(DocumentCodec.DigestOf(contract));
            return ExitCodes.Ok;
        });
        return command;
    }
}
