using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;

namespace CleanRoom.Cli.Commands.Contract;

/// <summary><c>cleanroom contract validate|show|diff</c>: contracts as texts, offline.</summary>
internal static class ContractTextCommands
{
    private static readonly Argument<FileInfo> _file = new("file") { Description = "The contract as JSON." };

    private static readonly Argument<FileInfo?> _optional = new("file")
    {
        Description = "The contract as JSON. Default: the one that the profile remembers of the room.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<FileInfo> _before = new("before") { Description = "The version before." };

    private static readonly Argument<FileInfo> _after = new("after") { Description = "The version after." };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Verb.Create(host, "validate", "Lists every problem, or prints the digest that the parties sign.", [_file], (context, _) => Task.FromResult(Validate(context))),
        Verb.Create(host, "show", "Says in words what each party brings and may learn.", [_optional, CommonOptions.Room], ShowAsync),
        Verb.Create(
            host, "diff", "Says in words what changes, for whom, and whether it tightens or loosens and why.", [_before, _after],
            (context, _) => Task.FromResult(Diff(context))),
    ];

    /// <summary>Returns the summary of a contract in lines.</summary>
    public static IEnumerable<string> Summary(DocumentContract contract) =>
        ContractSummary.InWords(contract).SelectMany(section => section.Lines.Select(line => $"  {line}").Prepend(section.Title));

    private static Result<VerbAnswer> Validate(VerbContext context) => InputFiles.ReadContract(context.Require(_file)).Then<VerbAnswer>(contract =>
        VerbAnswer.Of(new JsonObject { ["digest"] = $"{DocumentCodec.DigestOf(contract)}" }, $"{DocumentCodec.DigestOf(contract)}"));

    private static async Task<Result<VerbAnswer>> ShowAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var contract = context.Get(_optional) is { } file ? InputFiles.ReadContract(file) : await RememberedAsync(context, cancellationToken);
        return contract.Then<VerbAnswer>(shown => new VerbAnswer(
            new JsonObject
            {
                ["digest"] = $"{DocumentCodec.DigestOf(shown)}",
                ["contract"] = JsonNode.Parse(DocumentCodec.Encode(shown)),
            },
            [$"digest {DocumentCodec.DigestOf(shown)}", .. Summary(shown)]));
    }

    private static async Task<Result<DocumentContract>> RememberedAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var memory = new FileRoomMemory(context.Profile);
        return memory.Find(context.Get(CommonOptions.Room)).TryGet(out var collaboration, out var refusals)
            ? (await memory.LoadAsync(collaboration, cancellationToken)).Then(record => Result.Accept(record.Contract))
            : refusals;
    }

    /// <summary>Compares the texts: a file of a later version may hold members that this program does not know, and each is said.</summary>
    private static Result<VerbAnswer> Diff(VerbContext context) => InputFiles.Read(context.Require(_before), DocumentCodec.MaxDocumentBytes).Then(before =>
        InputFiles.Read(context.Require(_after), DocumentCodec.MaxDocumentBytes).Then(after => ContractDiff.CompareTexts(before, after)).Then<VerbAnswer>(changes =>
            new VerbAnswer(
                new JsonArray([.. changes.Select(change => new JsonObject
                {
                    ["kind"] = change.Kind.ToString().ToLowerInvariant(),
                    ["concerns"] = change.Concerns,
                    ["path"] = change.Path,
                    ["sentence"] = change.Sentence,
                    ["reason"] = change.Reason,
                })]),
                [
                    .. changes.GroupBy(change => change.Concerns).SelectMany(owner => owner
                        .Select(change => $"  {change.Kind.ToString().ToLowerInvariant()}: {change.What}: {change.Reason}").Prepend(owner.Key)),
                ])));
}
