using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Machines;
using CleanRoom.Client.Contracts;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary><c>cleanroom attest verify</c> and <c>attest policy new</c>: evidence from files, no network; and the verbs beside them.</summary>
internal static class AttestCommands
{
    private const int NonceBytes = 32;

    private static readonly Option<FileInfo> _evidence = new("--evidence") { Description = "The evidence, or a node's whole attestation.", Required = true };

    private static readonly Option<DirectoryInfo?> _endorsements = new("--endorsements") { Description = "A folder of certificates and collateral." };

    private static readonly Option<FileInfo?> _policy = new("--policy") { Description = "A contract or an attestation policy. Without it: authenticity, debug and TCB status alone." };

    private static readonly Option<string?> _reportData = new("--report-data") { Description = "What the evidence must commit to, in hex: the whole field." };

    private static readonly Option<string?> _nonce = new("--nonce") { Description = "The 32 bytes that were asked with, in hex." };

    private static readonly Option<string?> _at = new("--at") { Description = "Appraise as of this time: 2026-01-31T08:00:00.000Z. Default: now." };

    private static readonly Option<string?> _format = new("--format") { Description = "The TEE's name. Default: detected." };

    private static readonly Option<FileInfo?> _ear = new("--ear") { Description = "Also write the result as EAT Attestation Results (JSON, not signed) to this new file." };

    private static readonly Option<FileInfo> _from = new("--from") { Description = "Evidence of a machine that is to be accepted.", Required = true };

    private static readonly Option<FileInfo> _out = new("--out") { Description = "The policy file to write.", Required = true };

    public static Command Create(CliHost host) => new("attest", "Evidence about machines; offline, but for fetch.")
    {
        Verb.Create(
            host, "verify", "Appraises evidence and lists every check that fails.",
            [_evidence, _endorsements, _policy, _reportData, _nonce, _at, _format, _ear, TokenIssuerOptions.Issuer, TokenIssuerOptions.Keys], (context, _) => Task.FromResult(Verify(context))),
        FetchCommand.Create(host),
        EndorseCommand.Create(host),
        new Command("policy", "Attestation policies.")
        {
            Verb.Create(
                host, "new", "Makes a policy that accepts the machine of some evidence. Compare its measurement with a build of your own first.",
                [_from, _endorsements, _format, _out, TokenIssuerOptions.Issuer, TokenIssuerOptions.Keys], (context, _) => Task.FromResult(NewPolicy(context))),
            CorimCommands.Export(host),
            CorimCommands.Import(host),
        },
    };

    private static Result<VerbAnswer> Verify(VerbContext context)
    {
        var at = context.Host.Now;
        if (context.Get(_at) is { } text && !Timestamp.TryParse(text, out at))
        {
            return new Refusal(RefusalCode.DocumentInvalid, "--at as 2026-01-31T08:00:00.000Z", "another text");
        }

        if (!TokenIssuerOptions.Read(context).TryGet(out var verifiers, out var refusals)
            || !EvidenceFile.Read(context.Require(_evidence), context.Get(_endorsements), context.Get(_format)).TryGet(out var evidence, out refusals)
            || !ExpectedReportData(context, evidence).TryGet(out var reportData, out refusals))
        {
            return refusals;
        }

        if (context.Get(_policy) is not { } file)
        {
            return Report(context, EvidenceAppraiser.Authenticate(evidence.Presented, reportData, at, verifiers), policy: null);
        }

        return InputFiles.Read(file, DocumentCodec.MaxDocumentBytes)
            .Then(bytes => InputFiles.Named(file, PolicyFile.Parse(bytes)))
            .Then(policy => Report(
                context,
                EvidenceAppraiser.Appraise(evidence.Presented, reportData, policy.Policy, policy.AllowInsecure, at, verifiers),
                policy.Policy));
    }

    /// <summary>Shows the result, and writes it for other programs when they are to have it, whatever the verdict.</summary>
    private static Result<VerbAnswer> Report(VerbContext context, AttestationResult result, AttestationPolicy? policy)
    {
        if (context.Get(_ear) is { } file)
        {
            var ear = new EarResult { Result = result, Policy = policy, Developer = "CleanRoom", Build = BuildName.Compute(), IssuedAt = context.Host.Now };
            if (InputFiles.Write(file, Protocol.Json.Jcs.Write(ear.ToJson())) is { } notWritten)
            {
                return notWritten;
            }
        }

        return ResultReport.Of(result);
    }

    /// <summary>A binding decides by itself; a nonce is compared with the binding's.</summary>
    private static Result<Expected<Bytes>> ExpectedReportData(VerbContext context, EvidenceFile evidence)
    {
        if (context.Get(_nonce) is { } nonceText)
        {
            if (!TryHex(nonceText, out var nonce) || nonce.Length != NonceBytes || evidence.Binding is null)
            {
                return new Refusal(RefusalCode.DocumentInvalid, $"--nonce of {NonceBytes} bytes in hex, with a node's whole attestation", "another");
            }

            if (evidence.Binding.Nonce != nonce)
            {
                return new Refusal(RefusalCode.BindingMismatch, $"binding.nonce {nonceText.ToLowerInvariant()}", Convert.ToHexStringLower(evidence.Binding.Nonce.Span));
            }
        }

        var bound = evidence.Binding is { } binding ? new Bytes(AttestationBinding.ReportData(binding)) : (Bytes?)null;
        if (context.Get(_reportData) is { } text)
        {
            if (!TryHex(text, out var wanted) || wanted.Length is 0 or > AttestationBinding.ReportDataLength)
            {
                return new Refusal(RefusalCode.DocumentInvalid, $"--report-data of 1 to {AttestationBinding.ReportDataLength} bytes in hex, the whole field", "another");
            }

            return bound is { } own && own != wanted
                ? new Refusal(RefusalCode.BindingMismatch, $"report-data {text.ToLowerInvariant()}", Convert.ToHexStringLower(own.Span))
                : Expected.Exactly(wanted);
        }

        return bound is { } committed
            ? Expected.Exactly(committed)
            : Expected.Learned<Bytes>("a person looks at bare evidence and has not said what it should commit to");
    }

    private static Result<VerbAnswer> NewPolicy(VerbContext context)
    {
        if (!TokenIssuerOptions.Read(context).TryGet(out var verifiers, out var refusals)
            || !EvidenceFile.Read(context.Require(_from), context.Get(_endorsements), context.Get(_format)).TryGet(out var evidence, out refusals))
        {
            return refusals;
        }

        var learned = Expected.Learned<Bytes>("a policy is made of the machine, not of what it commits to");
        var result = EvidenceAppraiser.Authenticate(evidence.Presented, learned, context.Host.Now, verifiers);
        if (!LearnedPolicy.Of(result).TryGet(out var learnt, out refusals) || !PolicyFile.Encode(learnt).TryGet(out var policy, out refusals))
        {
            return refusals;
        }

        var file = context.Require(_out);
        var measurement = learnt.Accepted[0].Values[EvidenceClaims.Measurement];
        return InputFiles.Write(file, policy) is { } notWritten
            ? notWritten
            : VerbAnswer.Of(
                new JsonObject { ["file"] = file.FullName, ["tee"] = result.Tee, ["measurement"] = measurement },
                $"wrote a policy that accepts {result.Tee} with measurement {measurement} to {file.FullName}");
    }

    private static bool TryHex(string text, out Bytes bytes)
    {
        var isHex = text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
        bytes = isHex ? new Bytes(Convert.FromHexString(text)) : default;
        return isHex;
    }
}
