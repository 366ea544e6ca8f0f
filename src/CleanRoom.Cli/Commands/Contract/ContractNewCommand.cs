using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Attest;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Members;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;

namespace CleanRoom.Cli.Commands.Contract;

/// <summary><c>cleanroom contract new</c>: a contract of one's own from an example; what is not given is asked at the terminal.</summary>
internal static class ContractNewCommand
{
    private const int IdBytes = 16;
    private const int DefaultDays = 365;

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Option<string?> _from = new("--from") { Description = "A contract file to take over, or the name of an example such as nafld." };

    private static readonly Option<string[]> _rootKeys = StrictOptions.Several<string>(
        "--root-key", "COLLABORATOR=KEY in base64, for each collaborator whose root key is not in the profile.", required: false);

    private static readonly Option<FileInfo?> _policy = new("--policy") { Description = "The code that is accepted: a file of attest policy new." };

    private static readonly Option<bool> _allowInsecure = new("--allow-insecure") { Description = "Accepts simulated hardware. Never for real data." };

    private static readonly Option<int> _days = StrictOptions.Days("How long it lasts.", DefaultDays);

    private static readonly Option<FileInfo?> _out = new("--out") { Description = "The file to write." };

    public static Command Create(CliHost host) => Verb.Create(
        host, "new", "Makes a contract from an example: its texts, datasets and rules, with your keys, code and time.",
        [_from, _rootKeys, _policy, _allowInsecure, _days, _out], (context, _) => Task.FromResult(Run(context)));

    private static Result<VerbAnswer> Run(VerbContext context)
    {
        if (!Ask(context, context.Get(_from), "--from", "Which example or contract file").Then(FindExample).TryGet(out var example, out var refusals)
            || !Ask(context, context.Get(_policy)?.FullName, "--policy", "Which policy file accepts the code").TryGet(out var policyPath, out refusals)
            || !ReadPolicy(new FileInfo(policyPath)).TryGet(out var policy, out refusals)
            || !RootKeys(context, example).TryGet(out var rootKeys, out refusals)
            || !Ask(context, context.Get(_out)?.FullName, "--out", "Which file to write").TryGet(out var path, out refusals))
        {
            return refusals;
        }

        var filling = new ContractFilling
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
            RootKeys = rootKeys,
            Attestation = policy,
            AllowInsecure = context.Get(_allowInsecure),
            NotBefore = context.Host.Now,
            Expires = context.Host.Now.Plus(TimeSpan.FromDays(context.Get(_days))),
        };
        if (!ContractTemplates.Fill(example, filling).TryGet(out var contract, out refusals))
        {
            return refusals;
        }

        var text = JsonNode.Parse(DocumentCodec.Encode(contract))!.ToJsonString(_json); // An object.
        var file = new FileInfo(path);
        return InputFiles.Write(file, System.Text.Encoding.UTF8.GetBytes(text + "\n")) is { } notWritten
            ? notWritten
            : new VerbAnswer(
                new JsonObject { ["file"] = file.FullName, ["digest"] = $"{DocumentCodec.DigestOf(contract)}" },
                [$"wrote contract {DocumentCodec.DigestOf(contract).Abbreviated} to {file.FullName}", .. ContractTextCommands.Summary(contract)]);
    }

    private static Result<string> Ask(VerbContext context, string? given, string option, string question) =>
        (given ?? context.Host.Prompt.Line(question)) is { Length: > 0 } answer
            ? answer
            : new Refusal(RefusalCode.DocumentInvalid, $"{option}, or a terminal to ask at", "neither");

    private static Result<DocumentContract> FindExample(string name)
    {
        var file = new FileInfo(name);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); !file.Exists && folder is not null; folder = folder.Parent)
        {
            file = new FileInfo(Path.Combine(folder.FullName, "contracts", "examples", Path.GetFileName(name), "contract.json"));
        }

        return file.Exists
            ? InputFiles.ReadContract(file)
            : new Refusal(RefusalCode.DocumentInvalid, "a contract file, or an example that ships with this program", $"'{name}'");
    }

    private static Result<AttestationPolicy> ReadPolicy(FileInfo file) => InputFiles.Read(file, DocumentCodec.MaxDocumentBytes)
        .Then(bytes => InputFiles.Named(file, PolicyFile.Parse(bytes)))
        .Then(policy => Result.Accept(policy.Policy));

    /// <summary>Takes root keys from the options, then from the profile, then from the terminal.</summary>
    private static Result<ImmutableSortedDictionary<string, Bytes>> RootKeys(VerbContext context, DocumentContract example)
    {
        var keys = ImmutableSortedDictionary.CreateBuilder<string, Bytes>(StringComparer.Ordinal);
        foreach (var given in context.Get(_rootKeys) ?? [])
        {
            if (given.Split('=', 2) is not [var collaborator, var text] || !Bytes.TryParse(text, out var key))
            {
                return new Refusal(RefusalCode.DocumentInvalid, "--root-key COLLABORATOR=KEY with the key in base64", "another text");
            }

            keys[collaborator] = key;
        }

        foreach (var collaborator in example.Collaborators.Select(one => one.Id).Where(id => !keys.ContainsKey(id)))
        {
            if (KeyRing.ReadFile(context.Profile, new KeyHolder(collaborator, Member: null)).TryGet(out var own, out _))
            {
                keys[collaborator] = own.SignPublicKey;
            }
            else if (!Bytes.TryParse(context.Host.Prompt.Line($"Root key of {collaborator}, in base64"), out var typed))
            {
                return new Refusal(RefusalCode.DocumentInvalid, $"a root key of {collaborator}: --root-key {collaborator}=KEY, or keys new in the profile", "neither");
            }
            else
            {
                keys[collaborator] = typed;
            }
        }

        return keys.ToImmutable();
    }
}
