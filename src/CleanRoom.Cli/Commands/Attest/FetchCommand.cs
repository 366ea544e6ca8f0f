using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attesters.Endorsements;
using CleanRoom.Cli.Hosting;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary><c>cleanroom attest fetch</c>: asks the makers for what verifies some evidence, and keeps it in a folder for <c>attest verify</c>.</summary>
internal static class FetchCommand
{
    private static readonly Option<FileInfo> _evidence = new("--evidence") { Description = "The evidence, or a node's whole attestation.", Required = true };

    private static readonly Option<string?> _format = new("--format") { Description = "The TEE's name. Default: detected." };

    private static readonly Option<DirectoryInfo> _out = new("--out") { Description = "The new folder, for attest verify --endorsements.", Required = true };

    /// <summary>Makes the verb.</summary>
    public static Command Create(CliHost host) => Verb.Create(
        host, "fetch", "Asks the makers for the endorsements of some evidence. They learn which machine is asked about.", [_evidence, _format, _out], RunAsync);

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!EvidenceFile.Read(context.Require(_evidence), endorsements: null, context.Get(_format)).TryGet(out var evidence, out var refusals))
        {
            return refusals;
        }

        var stated = Judge(context, evidence, []);
        if (stated.Claims is not { } claims)
        {
            return stated.Failures.Select(failure => failure.ToRefusal()).ToImmutableArray();
        }

        if (!EndorsementPlan.For(stated.Tee, claims).TryGet(out var requests, out refusals)
            || !(await GetAsync(context, requests, cancellationToken)).TryGet(out var endorsements, out refusals)
            || !EndorsementBundle.Write(context.Require(_out), endorsements).TryGet(out var files, out refusals))
        {
            return refusals;
        }

        return Answer(context.Require(_out), files, endorsements, Judge(context, evidence, [.. endorsements.SelectMany(Contents)]));
    }

    /// <summary>Asks for everything, so that all that is missing is said at once; but not on when a maker cannot be reached.</summary>
    private static async Task<Result<ImmutableArray<Endorsement>>> GetAsync(
        VerbContext context, ImmutableArray<EndorsementRequest> requests, CancellationToken cancellationToken)
    {
        using var makers = context.Host.Makers();
        var cache = new EndorsementCache(new EndorsementCacheOptions { Folder = new DirectoryInfo(context.Profile.EndorsementCache) });
        var source = new CachedEndorsementSource(cache, makers, context.Host.Time);
        var (got, missing) = (ImmutableArray.CreateBuilder<Endorsement>(), ImmutableArray.CreateBuilder<Refusal>());
        foreach (var request in requests)
        {
            if ((await source.GetAsync(request, cancellationToken)).TryGet(out var endorsement, out var refusals))
            {
                got.Add(endorsement);
                continue;
            }

            missing.AddRange(refusals);
            if (refusals.Any(refusal => refusal.Code == RefusalCode.Unavailable))
            {
                break;
            }
        }

        return missing.Count > 0 ? missing.ToImmutable() : got.ToImmutable();
    }

    private static IEnumerable<Bytes> Contents(Endorsement endorsement) =>
        endorsement.IssuerChain.Length > 0 ? [endorsement.Content, endorsement.IssuerChain] : [endorsement.Content];

    private static AttestationResult Judge(VerbContext context, EvidenceFile evidence, ImmutableArray<Bytes> endorsements) => EvidenceAppraiser.Authenticate(
        evidence.Presented with { Endorsements = [.. evidence.Presented.Endorsements, .. endorsements] },
        Expected.Learned<Bytes>("endorsements are fetched for the machine, not for what its evidence commits to"),
        context.Host.Now,
        Verifiers.All);

    private static VerbAnswer Answer(DirectoryInfo folder, IReadOnlyList<string> files, ImmutableArray<Endorsement> endorsements, AttestationResult result) => new(
        new JsonObject
        {
            ["folder"] = folder.FullName,
            ["files"] = new JsonArray([.. files.Select(file => JsonValue.Create(file))]),
            ["endorsements"] = new JsonArray([.. endorsements.Select(Facts)]),
            ["format"] = result.Tee,
            ["verdict"] = result.Verdict.Word(),
            ["validUntil"] = result.ValidUntil?.ToString(),
            ["failures"] = new JsonArray([.. result.Failures.Select(failure => JsonValue.Create(failure.Check))]),
        },
        [
            .. endorsements.Select(one => $"{one.Request.Name} from {one.Request.Address.Host}: fetched {one.Fetched}, to be asked for again after {one.Expires}"),
            $"wrote {files.Count} files to {folder.FullName}",
            $"with them: {result.Tee} {result.Verdict.Word()}" + (result.ValidUntil is { } until ? $", until {until}" : string.Empty),
            .. result.Failures.Select(failure => $"  FAILED {failure.Check}: wanted {failure.Wanted}; got {failure.Got}"),
        ])
    {
        // Whether the evidence is good is for attest verify to say; here only what is still missing is bad news.
        ExitCode = result.Failures.Any(failure => failure.Code == RefusalCode.EndorsementMissing) ? ExitCodes.Endorsement : ExitCodes.Ok,
    };

    private static JsonNode Facts(Endorsement endorsement) => new JsonObject
    {
        ["name"] = endorsement.Request.Name,
        ["from"] = endorsement.Request.Address.Host,
        ["fetched"] = endorsement.Fetched.ToString(),
        ["expires"] = endorsement.Expires.ToString(),
    };
}
