using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Contracts;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary><c>cleanroom attest endorse</c>: a code endorser signs other code for a contract, or adds the signature to what another has signed. No network.</summary>
internal static class EndorseCommand
{
    private const int DefaultDays = 90;

    private static readonly Option<FileInfo> _contract = new("--contract") { Description = "The contract in force, which names the code endorsers.", Required = true };

    private static readonly Option<FileInfo?> _tuple = new("--tuple") { Description = "A policy file of one tuple: the code (attest policy new). For a new endorsement." };

    private static readonly Option<string?> _collaboration = new("--collaboration") { Description = "The collaboration's whole id. For a new endorsement." };

    private static readonly Option<string?> _reason = new("--reason") { Description = "Why, for the collaborators. For a new endorsement." };

    private static readonly Option<int> _days = StrictOptions.Days("How long it counts, from now; the contract's end at the latest.", DefaultDays);

    private static readonly Option<FileInfo?> _endorsement = new("--endorsement") { Description = "What another endorser has signed, to be signed too. It is not changed: the result goes to --out." };

    private static readonly Option<string> _key = new("--key") { Description = "Whose single key of the profile signs: NAME of keys new --collaborator NAME.", Required = true };

    private static readonly Option<FileInfo> _out = new("--out") { Description = "The file to write.", Required = true };

    public static Command Create(CliHost host) => Verb.Create(
        host, "endorse", "Signs, as one of a contract's code endorsers, that other code may open the data. It counts when all of them have.",
        [_contract, _tuple, _collaboration, _reason, _days, _endorsement, _key, _out, CommonOptions.PassphraseFile], RunAsync);

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!InputFiles.ReadContract(context.Require(_contract)).TryGet(out var contract, out var refusals)
            || !ReadOrMake(context, contract).TryGet(out var before, out refusals)
            || !(await KeyRing.OpenRootAsync(context, context.Require(_key), cancellationToken)).TryGet(out var key, out refusals))
        {
            return refusals;
        }

        using (key)
        {
            var signed = await CodeEndorsing.SignAsync(before, contract, key, context.Host.Services.Fold.Signatures, cancellationToken);
            return signed.Then(envelope => Write(context, contract, envelope));
        }
    }

    private static Result<Envelope> ReadOrMake(VerbContext context, Protocol.Documents.Contract contract)
    {
        if (context.Get(_endorsement) is { } file)
        {
            return context.Get(_tuple) is null && context.Get(_reason) is null && context.Get(_collaboration) is null
                ? InputFiles.Read(file, EndorsementVerifier.MaxBytes)
                    .Then(bytes => InputFiles.Named(file, EndorsementVerifier.Parse(bytes)))
                    .Then(read => Result.Accept(read.Envelope))
                : new Refusal(RefusalCode.DocumentInvalid, "--endorsement alone: it says which code, and why", "--tuple, --collaboration or --reason too");
        }

        if (context.Get(_tuple) is not { } tupleFile || context.Get(_reason) is not { } reason || context.Get(_collaboration) is not { } collaboration)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "--tuple, --collaboration and --reason for a new endorsement, or --endorsement to add a signature", "neither");
        }

        return InputFiles.Read(tupleFile, DocumentCodec.MaxDocumentBytes)
            .Then(bytes => InputFiles.Named(tupleFile, DocumentCodec.PolicyFromPerson(bytes)))
            .Then<Envelope>(policy => policy.Accepted is [var tuple]
                ? CodeEndorsing.Make(contract, collaboration, tuple, reason, context.Host.Now, TimeSpan.FromDays(context.Get(_days)))
                : new Refusal(RefusalCode.DocumentInvalid, $"one tuple in {tupleFile.Name}", $"{policy.Accepted.Length}"));
    }

    private static Result<VerbAnswer> Write(VerbContext context, Protocol.Documents.Contract contract, Envelope envelope)
    {
        var file = context.Require(_out);
        if (InputFiles.Write(file, EnvelopeCodec.Encode(envelope)) is { } notWritten)
        {
            return notWritten;
        }

        var endorsement = DocumentCodec.Parse<CodeEndorsement>(envelope.Payload.Span).Value; // It was checked before it was signed.
        var missing = EndorsementVerifier.Missing(envelope, contract);
        var measurement = endorsement.Tuple.Values["measurement"];
        return VerbAnswer.Of(
            new JsonObject
            {
                ["file"] = file.FullName,
                ["endorsement"] = envelope.PayloadDigest.ToString(),
                ["collaboration"] = endorsement.Collaboration,
                ["contractDigest"] = endorsement.ContractDigest.ToString(),
                ["tee"] = endorsement.Tuple.Tee,
                ["measurement"] = measurement,
                ["reason"] = endorsement.Reason,
                ["notBefore"] = endorsement.NotBefore.ToString(),
                ["expires"] = endorsement.Expires.ToString(),
                ["signedBy"] = new JsonArray([.. envelope.Signatures.Select(signature => (JsonNode)signature.KeyId.ToString())]),
                ["missing"] = new JsonArray([.. missing.Select(endorser => (JsonNode)KeyId.Of(endorser.Span).ToString())]),
            },
            $"signed that {endorsement.Tuple.Tee} code with measurement {measurement} may open the data of {endorsement.Collaboration}",
            $"  from {endorsement.NotBefore} until {endorsement.Expires}, because: {endorsement.Reason}",
            missing.IsEmpty
                ? $"all {envelope.Signatures.Length} code endorsers have signed; an admin or owner brings it: cleanroom room endorse URL --endorsement {file.Name}"
                : $"it counts for nothing until all have signed; missing: {string.Join(", ", missing.Select(endorser => KeyId.Of(endorser.Span).Abbreviated))}");
    }
}
