using System.Collections.Immutable;
using CleanRoom.Cli.Hosting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli;

/// <summary>Messages of the verbs that have the process's own terminal: demo, serve, query explain.</summary>
internal static class Output
{
    /// <summary>Writes every reason and returns the exit code of the weightiest.</summary>
    public static int Refuse(ImmutableArray<Refusal> refusals)
    {
        foreach (var refusal in refusals)
        {
            Console.Error.WriteLine($"cleanroom: {CliHost.Plain(refusal.ToString())}");
        }

        return ExitCodes.Of(refusals);
    }

    /// <summary>Reads a contract as a person wrote it and checks it.</summary>
    public static Result<Contract> ReadContract(FileInfo file) => InputFiles.ReadContract(file);
}
