using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli;

/// <summary>Data goes to standard output, messages to standard error.</summary>
internal static class Output
{
    /// <summary>Writes every reason and returns the exit code of the first.</summary>
    public static int Refuse(ImmutableArray<Refusal> refusals)
    {
        foreach (var refusal in refusals)
        {
            Console.Error.WriteLine($"cleanroom: {refusal}");
        }

        return ExitCodes.Of(refusals[0].Code);
    }

    /// <summary>Reads a contract as a person wrote it and checks it.</summary>
    public static Result<Contract> ReadContract(FileInfo file)
    {
        if (!file.Exists)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a file", $"nothing at {file.FullName}");
        }

        return DocumentCodec.FromPerson<Contract>(File.ReadAllBytes(file.FullName)).Then<Contract>(contract =>
            ContractRules.Check(contract) is { IsEmpty: false } problems ? problems : contract);
    }

    /// <summary>Writes the plain-language summary.</summary>
    public static void Write(Contract contract)
    {
        foreach (var section in ContractSummary.InWords(contract))
        {
            Console.Out.WriteLine(section.Title);
            foreach (var line in section.Lines)
            {
                Console.Out.WriteLine($"  {line}");
            }
        }
    }
}
