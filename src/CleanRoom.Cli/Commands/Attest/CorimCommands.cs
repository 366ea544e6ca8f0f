using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Corim;
using CleanRoom.Cli.Hosting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary><c>cleanroom attest policy export</c> and <c>import</c>: reference values as unsigned CoRIM.</summary>
internal static class CorimCommands
{
    private static readonly Option<FileInfo> _policy = new("--policy") { Description = "A contract or an attestation policy.", Required = true };

    private static readonly Option<FileInfo> _corim = new("--corim") { Description = "The CoRIM file, without a signature.", Required = true };

    private static readonly Option<FileInfo> _out = new("--out") { Description = "The policy file to write.", Required = true };

    /// <summary>Makes the verb that writes CoRIM.</summary>
    public static Command Export(CliHost host) => Verb.Create(
        host, "export", "Writes the accepted reference values as CoRIM, without a signature, and names what it cannot hold.",
        [_policy, _corim], (context, _) => Task.FromResult(Export(context)));

    /// <summary>Makes the verb that reads CoRIM.</summary>
    public static Command Import(CliHost host) => Verb.Create(
        host, "import", "Makes a policy of a CoRIM. It has no signature: compare each value with its maker's first.",
        [_corim, _out], (context, _) => Task.FromResult(Import(context)));

    private static Result<VerbAnswer> Export(VerbContext context)
    {
        var (file, corim) = (context.Require(_policy), context.Require(_corim));
        if (!InputFiles.Read(file, DocumentCodec.MaxDocumentBytes).Then(bytes => InputFiles.Named(file, PolicyFile.Parse(bytes))).TryGet(out var policy, out var refusals)
            || !CorimPolicy.Export(policy.Policy).TryGet(out var export, out refusals))
        {
            return refusals;
        }

        var notKept = policy.AllowInsecure ? export.NotKept.Add("allowInsecure: only a contract can say it") : export.NotKept;
        return InputFiles.Write(corim, export.Corim.Span) is { } notWritten ? notWritten : Answer(corim, $"wrote the policy as corim, not signed, to {corim.FullName}", notKept);
    }

    private static Result<VerbAnswer> Import(VerbContext context)
    {
        var (corim, file) = (context.Require(_corim), context.Require(_out));
        if (!InputFiles.Read(corim, DocumentCodec.MaxDocumentBytes).Then(bytes => InputFiles.Named(corim, CorimPolicy.Import(bytes))).TryGet(out var import, out var refusals)
            || !InputFiles.Named(corim, PolicyFile.Encode(import.Policy)).TryGet(out var policy, out refusals))
        {
            return refusals;
        }

        return InputFiles.Write(file, policy) is { } notWritten
            ? notWritten
            : Answer(file, $"wrote a policy of {Tuples(import.Policy.Accepted.Length)} to {file.FullName}; nobody signed the corim that it is made of", import.NotKept);
    }

    private static string Tuples(int count) => count == 1 ? "one tuple" : $"{count} tuples";

    private static VerbAnswer Answer(FileInfo file, string sentence, ImmutableArray<string> notKept) => VerbAnswer.Of(
        new JsonObject { ["file"] = file.FullName, ["notKept"] = new JsonArray([.. notKept.Select(part => JsonValue.Create(part))]), ["signed"] = false },
        [sentence, .. notKept.Select(part => $"not kept: {part}")]);
}
