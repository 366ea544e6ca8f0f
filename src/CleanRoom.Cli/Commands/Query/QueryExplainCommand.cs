using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Log;
using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Results;
using CleanRoom.Engine.Binding;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Twins;
using CleanRoom.Policy;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;

namespace CleanRoom.Cli.Commands.Query;

/// <summary>
/// <c>cleanroom query explain --contract F --as COLLABORATOR [--log F] [--svg F] --sql F...</c>: what the contract's rules say of each text, offline.
/// The answer is meant for the collaborator that asks, alone.
/// </summary>
internal static class QueryExplainCommand
{
    /// <summary>The time that one text may take in the isolated process, also on a machine under load.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private const long TwinMemoryBytes = 256L << 20;

    public static Command Create(CliHost host)
    {
        var contract = new Option<FileInfo>("--contract") { Description = "The contract as JSON.", Required = true };
        var analyst = new Option<string>("--as") { Description = "The collaborator that asks and receives.", Required = true };
        var sql = StrictOptions.Several<FileInfo>("--sql", "Files of SQL text in UTF-8, one query each.", required: true);
        var log = new Option<FileInfo?>("--log") { Description = "A ledger as log audit --out writes it: adds the codes that need the ledger, and about what a run costs." };
        var svg = new Option<FileInfo?>("--svg") { Description = "Draws the verdict on the one text into this new file." };
        var twin = new Option<bool>("--twin") { Description = "Shows what an answer would look like, on data made up from the contract." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, in the order of the files." };
        var command = new Command("explain", "Says which rules allow or refuse a query, whose they are, and what would pass. Touches no data.")
        {
            contract, analyst, log, sql, svg, twin, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(contract),
            parsed.GetRequiredValue(analyst),
            parsed.GetRequiredValue(sql),
            parsed.GetValue(log) is { } file ? LedgerFile.Read(file).Then(ledger => ledger.Fold(host.Services.Fold, seen: [])) : null,
            parsed.GetValue(svg),
            parsed.GetValue(twin),
            parsed.GetValue(json),
            host,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo contractFile,
        string analyst,
        FileInfo[] files,
        Result<LedgerMirror>? ledger,
        FileInfo? svg,
        bool withTwin,
        bool asJson,
        CliHost host,
        CancellationToken cancellationToken)
    {
        if (svg is not null && files.Length != 1)
        {
            return Output.Refuse([new(RefusalCode.DocumentInvalid, "--svg with one --sql: a drawing is of one verdict", $"{files.Length} texts")]);
        }

        if (!Output.ReadContract(contractFile).TryGet(out var contract, out var refusals))
        {
            return Output.Refuse(refusals);
        }

        if (contract.Collaborators.All(collaborator => collaborator.Id != analyst))
        {
            var known = string.Join(", ", contract.Collaborators.Select(collaborator => collaborator.Id));
            return Output.Refuse([new(RefusalCode.DocumentInvalid, $"--as with a collaborator of the contract ({known})", $"'{analyst}'")]);
        }

        var digest = DocumentCodec.DigestOf(contract);
        if ((ledger?.Then(mirror => InForce(mirror, digest))) is { IsAccepted: false } otherLedger)
        {
            return Output.Refuse(otherLedger.Refusals);
        }

        Func<Verdict, ImmutableArray<string>> stateOf = verdict =>
            ledger is null ? [] : StateCodes.Of(ledger.Value.State, verdict, Timestamp.From(host.Time.GetUtcNow()));

        // All texts are read before the first verdict: a wrong path does not leave half an answer.
        var texts = files.Select(QueryFile.Read).ToList();
        if (texts.SelectMany(text => text.Refusals).ToImmutableArray() is { IsEmpty: false } wrong)
        {
            return Output.Refuse(wrong);
        }

        try
        {
            var verdicts = await ExplainAsync(
                contract, digest, analyst, [.. files.Zip(texts, (file, text) => (file.Name, text.Value))], stateOf, ledger?.Value.State, withTwin, asJson, host.Out, cancellationToken);
            return svg is not null && VerdictReport.WriteDrawing(svg, verdicts[0]) is { } notWritten ? Output.Refuse([notWritten]) : ExitCodes.Ok;
        }
        catch (EngineUnavailableException exception)
        {
            return Output.Refuse([new(RefusalCode.Unavailable, "an isolated process that parses SQL", exception.Message)]);
        }
    }

    private static Result<LedgerMirror> InForce(LedgerMirror mirror, Digest contract) => mirror.State.ActiveContract == contract
        ? mirror
        : new Refusal(RefusalCode.ContractConflict, $"a ledger with contract {contract.Abbreviated} in force", mirror.State.ActiveContract?.Abbreviated ?? "none in force");

    private static async Task<ImmutableArray<Verdict>> ExplainAsync(
        DocumentContract contract,
        Digest digest,
        string analyst,
        ImmutableArray<(string Name, string Sql)> texts,
        Func<Verdict, ImmutableArray<string>> stateOf,
        CollaborationState? state,
        bool withTwin,
        bool asJson,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        using var host = new EngineHost(new EngineOptions(), TimeProvider.System);
        await using var binder = new IsolatedSqlBinder(host, new SqlBinderOptions { WallClock = _patience });
        var analyzer = new QueryAnalyzer(binder);
        await using var engine = new EngineRunner(host);
        using var memory = new AnonymousFilePool(TwinMemoryBytes);
        var twins = new TwinRun(engine, memory);
        var verdicts = ImmutableArray.CreateBuilder<Verdict>();
        foreach (var (name, sql) in texts)
        {
            var request = new AnalysisRequest
            {
                Analyst = analyst,
                Sql = sql,
                TemplateDigest = null,
                Parameters = ImmutableSortedDictionary<string, string>.Empty,
                Receivers = [analyst],
            };
            var analysis = await analyzer.AnalyzeAsync(contract, digest, request, cancellationToken);
            verdicts.Add(analysis.Verdict);
            var outlook = PrivacyOutlook.Of(contract, analysis.Verdict, state);
            var cost = analysis.Plan is { } costly && state is not null ? CostOf(costly, contract, state) : null;
            var twin = withTwin && analysis.Plan is { } plan
                ? await twins.AnswerAsync(contract, DocumentCodec.DigestOf(analysis.Verdict), plan, cancellationToken)
                : null;
            if (asJson)
            {
                await output.WriteLineAsync(VerdictReport.Json(analysis.Verdict, stateOf(analysis.Verdict), outlook, cost, TwinJson(twin)));
                continue;
            }

            foreach (var line in VerdictReport.Words(name, analysis.Verdict, stateOf(analysis.Verdict), outlook, cost).Concat(Words(twin)))
            {
                await output.WriteLineAsync(line);
            }
        }

        return verdicts.ToImmutable();
    }

    private static QueryCost? CostOf(QueryPlan plan, DocumentContract contract, CollaborationState state)
    {
        var ingests = plan.Tables.Select(table => table.Dataset).Distinct(StringComparer.Ordinal).Select(dataset => state.CurrentDataset(dataset)?.Ingest).ToList();
        return ingests.Contains(null) ? null : QueryCost.Of(plan, contract, ingests.OfType<IngestStatement>().ToList());
    }

    private static ImmutableArray<string> Words(Result<TwinAnswer>? twin) => twin is not { } made
        ? []
        : made.TryGet(out var answer, out var refusals) ? TwinWords.Of(ArrowTable.Read(answer.ToArrow()), answer.People) : [$"no made-up answer: {refusals[0]}"];

    private static JsonNode? TwinJson(Result<TwinAnswer>? twin) => twin is not { } made
        ? null
        : made.TryGet(out var answer, out var refusals)
            ? TwinWords.Json(ArrowTable.Read(answer.ToArrow()), answer.People)
            : new JsonObject { ["madeUp"] = true, ["failure"] = refusals[0].ToString() };
}
