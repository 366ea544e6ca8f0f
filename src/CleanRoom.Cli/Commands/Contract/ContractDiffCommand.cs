using System.CommandLine;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;

namespace CleanRoom.Cli.Commands.Contract;

/// <summary><c>cleanroom contract diff BEFORE AFTER</c>: what changes, for whom, and whether it tightens or loosens.</summary>
internal static class ContractDiffCommand
{
    public static Command Create()
    {
        var before = new Argument<FileInfo>("before") { Description = "The version before." };
        var after = new Argument<FileInfo>("after") { Description = "The version after." };
        var command = new Command("diff", "Says in words what changes, for whom, and whether it tightens or loosens.") { before, after };
        command.SetAction(parsed =>
        {
            var changes = Output.ReadContract(parsed.GetRequiredValue(before)).Then(old =>
                Output.ReadContract(parsed.GetRequiredValue(after)).Then(now => Result.Accept(ContractDiff.Compare(old, now))));
            if (!changes.TryGet(out var list, out var refusals))
            {
                return Output.Refuse(refusals);
            }

            foreach (var change in list)
            {
                Console.Out.WriteLine($"{change.Kind.ToString().ToLowerInvariant()}: {change.Sentence}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
