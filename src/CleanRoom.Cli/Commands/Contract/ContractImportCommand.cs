using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Contracts.Imports;
using CleanRoom.Protocol.Documents;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;
using DocumentDataset = CleanRoom.Protocol.Documents.Dataset;

namespace CleanRoom.Cli.Commands.Contract;

/// <summary><c>cleanroom contract import</c>: the rules of another clean room as the policy of a dataset, and what became of each rule.</summary>
internal static class ContractImportCommand
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Option<string> _from = new("--from") { Description = "Whose rules: aws, bigquery or scql.", Required = true };

    private static readonly Option<FileInfo> _rules = new("--rules") { Description = "The file of rules.", Required = true };

    private static readonly Option<FileInfo> _contract = new("--contract") { Description = "The draft that the dataset is in.", Required = true };

    private static readonly Option<string> _dataset = new("--dataset") { Description = "The dataset that the rules are for, as owner.name.", Required = true };

    private static readonly Option<FileInfo?> _out = new("--out") { Description = "The file to write the draft to, with the new policy." };

    public static Command Create(CliHost host) => Verb.Create(
        host, "import", "Reads the rules of AWS Clean Rooms, BigQuery or SCQL into a draft, and says what became stricter or could not be kept.",
        [_from, _rules, _contract, _dataset, _out], (context, _) => Task.FromResult(Run(context)));

    private static Result<VerbAnswer> Run(VerbContext context)
    {
        if (!Format(context.Require(_from)).TryGet(out var format, out var refusals)
            || !InputFiles.Read(context.Require(_rules), RuleImporter.MaxBytes).TryGet(out var text, out refusals)
            || !InputFiles.ReadContract(context.Require(_contract)).TryGet(out var contract, out refusals)
            || !Find(contract, context.Require(_dataset)).TryGet(out var dataset, out refusals)
            || !InputFiles.Named(context.Require(_rules), RuleImporter.Import(format.Value, text, contract, dataset)).TryGet(out var import, out refusals))
        {
            return refusals;
        }

        var draft = contract with { Datasets = contract.Datasets.Replace(dataset, dataset with { Policy = import.Policy }) };
        var bytes = DocumentCodec.Encode(draft);

        // What the contract's rules say of the draft is part of the answer: nothing is written that could not be signed.
        if (ContractRules.Check(draft) is { IsEmpty: false } problems)
        {
            return problems;
        }

        if (context.Get(_out) is { } file
            && InputFiles.Write(file, Encoding.UTF8.GetBytes(JsonNode.Parse(bytes)!.ToJsonString(_json) + "\n")) is { } notWritten)
        {
            return notWritten;
        }

        return new VerbAnswer(
            new JsonObject
            {
                ["dataset"] = dataset.SqlName,
                ["notes"] = new JsonArray([.. import.Notes.Select(note => new JsonObject
                {
                    ["outcome"] = Word(note.Outcome), ["rule"] = note.Rule, ["words"] = note.Words,
                })]),
                ["contract"] = JsonNode.Parse(bytes),
            },
            [
                .. import.Notes.Select(note => $"{Word(note.Outcome)}: {note.Rule}: {note.Words}"),
                $"{import.Notes.Count(note => note.Outcome == ImportOutcome.NotKept)} of {import.Notes.Length} rules could not be kept",
                .. context.Get(_out) is { } written ? new[] { $"wrote the draft to {written.FullName}" } : [],
            ]);
    }

    private static Result<Chosen> Format(string text) => text switch
    {
        "aws" => new Chosen(PeerFormat.AwsCleanRooms),
        "bigquery" => new Chosen(PeerFormat.BigQuery),
        "scql" => new Chosen(PeerFormat.Scql),
        _ => new Refusal(RefusalCode.DocumentInvalid, "--from aws, bigquery or scql", text),
    };

    private static Result<DocumentDataset> Find(DocumentContract contract, string name) =>
        contract.Datasets.FirstOrDefault(dataset => dataset.SqlName == name) is { } found
            ? found
            : new Refusal(
                RefusalCode.DatasetUnknown, $"one of {string.Join(", ", contract.Datasets.Select(dataset => dataset.SqlName))}", name);

    private static string Word(ImportOutcome outcome) => outcome switch
    {
        ImportOutcome.Kept => "kept",
        ImportOutcome.Stricter => "stricter",
        _ => "not kept",
    };

    private sealed record Chosen(PeerFormat Value);
}
