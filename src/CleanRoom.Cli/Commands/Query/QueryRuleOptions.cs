using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Query;

/// <summary>The options of <c>query approve --coming</c>, and the rule that they say.</summary>
internal static class QueryRuleOptions
{
    private static readonly Option<bool> _coming = new("--coming")
    {
        Description = "Approves queries that are still to come, within the limits that follow, without reading each.",
    };

    private static readonly Option<string?> _template = new("--template") { Description = "The contract's template that it holds for. Default: any SQL." };

    private static readonly Option<string[]> _authors =
        StrictOptions.Several<string>("--author", "Who may ask: COLLABORATOR/MEMBER, or COLLABORATOR/* for its analysts.", required: false);

    private static readonly Option<string[]> _receivers =
        StrictOptions.Several<string>("--receiver", "Collaborators that may receive the answer. Default: those of the authors.", required: false);

    private static readonly Option<string[]> _inputs = StrictOptions.Several<string>("--reads", "Datasets that may be read.", required: false);

    private static readonly Option<bool> _theseVersions = new("--these-versions") { Description = "Only in the versions that the room has now." };

    private static readonly Option<string[]> _limits =
        StrictOptions.Several<string>("--limit", "NAME=VALUE,VALUE or NAME=MIN..MAX: limits a parameter of the template.", required: false);

    private static readonly Option<long> _nanoRho = new("--max-rho") { Description = "The most billionths of rho that a run may cost you. Default: 0." };

    private static readonly Option<long> _attoDelta = new("--max-delta") { Description = "The most delta, in units of 10^-18, that a run may cost you. Default: 0." };

    private static readonly Option<int> _cells =
        StrictOptions.Number("--max-cells", "The most cells that a run may offer to the audit of earlier answers.", missing: 1_000, least: 0, most: 4_096);

    /// <summary>Gets all of them.</summary>
    public static Option[] All => [_coming, _template, _authors, _receivers, _inputs, _theseVersions, _limits, _nanoRho, _attoDelta, _cells];

    /// <summary>Says whether a rule is meant.</summary>
    public static bool IsMeant(VerbContext context) => context.Get(_coming);

    /// <summary>Reads the rule.</summary>
    public static Result<ApprovalRuleTerms> Read(VerbContext context, RoomClient room, string reason, ApprovalConditions conditions)
    {
        ImmutableArray<string> authors = [.. context.Get(_authors) ?? []];
        ImmutableArray<string> inputs = [.. context.Get(_inputs) ?? []];
        if (authors.IsEmpty || inputs.IsEmpty)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "--coming with --author and --reads: a rule names who may ask, and of what", "a rule without");
        }

        Digest? template = null;
        if (context.Get(_template) is { } name)
        {
            var found = room.State.Active?.Contract.Templates.FirstOrDefault(known => known.Name == name);
            if (found is null)
            {
                return new Refusal(RefusalCode.QueryRefused, "a template of the contract in force", $"'{CliHost.Plain(name)}'");
            }

            template = DocumentCodec.DigestOf(found);
        }

        var withVersions = context.Get(_theseVersions);
        if (withVersions && inputs.FirstOrDefault(dataset => room.State.CurrentDataset(dataset) is null) is { } missing)
        {
            return new Refusal(RefusalCode.DatasetUnknown, $"a usable version of {CliHost.Plain(missing)}", "none");
        }

        return Limits(context).Then(limits => Result.Accept(new ApprovalRuleTerms
        {
            TemplateDigest = template,
            Authors = authors,
            Receivers = context.Get(_receivers) is { Length: > 0 } receivers
                ? [.. receivers]
                : [.. authors.Select(author => author.Split('/')[0]).Distinct(StringComparer.Ordinal)],
            Parameters = limits,
            Inputs =
            [
                .. inputs.Select(dataset => new RuleInput
                {
                    Dataset = dataset, ManifestDigest = withVersions ? room.State.CurrentDataset(dataset)?.Digest : null,
                }),
            ],
            Verdict = new VerdictLimit { MaxNanoRho = context.Get(_nanoRho), MaxAttoDelta = context.Get(_attoDelta), MaxCells = context.Get(_cells) },
            Conditions = conditions,
            Reason = reason,
        }));
    }

    private static Result<ImmutableSortedDictionary<string, ParameterLimit>> Limits(VerbContext context)
    {
        var limits = ImmutableSortedDictionary.CreateBuilder<string, ParameterLimit>(StringComparer.Ordinal);
        foreach (var given in context.Get(_limits) ?? [])
        {
            if (given.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } text] || !limits.TryAdd(name, Limit(text)))
            {
                return new Refusal(RefusalCode.DocumentInvalid, "--limit with NAME=VALUE,VALUE or NAME=MIN..MAX, each name once", $"'{CliHost.Plain(given)}'");
            }
        }

        return limits.ToImmutable();
    }

    private static ParameterLimit Limit(string text) => text.Split("..") is [var least, var most] && IsEnd(least, out var min) && IsEnd(most, out var max)
        ? new ParameterLimit { Values = [], Min = min, Max = max }
        : new ParameterLimit { Values = [.. text.Split(',')], Min = null, Max = null };

    private static bool IsEnd(string text, out decimal? end)
    {
        end = decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
        return end is not null || text.Length == 0;
    }
}
