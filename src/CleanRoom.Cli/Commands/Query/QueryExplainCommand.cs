using System.Collections.Immutable;
using System.CommandLine;
using CleanRoom.Engine.Binding;
using CleanRoom.Engine.Hosting;
using CleanRoom.Policy;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;

namespace CleanRoom.Cli.Commands.Query;

/// <summary>
/// <c>cleanroom query explain --contract F --as COLLABORATOR --sql F...</c>: what the contract's rules say of each text, offline. The answer
/// is meant for the collaborator that asks, alone.
/// </summary>
internal static class QueryExplainCommand
{
    /// <summary>The time that one text may take in the isolated process, also on a machine under load.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var contract = new Option<FileInfo>("--contract") { Description = "The contract as JSON.", Required = true };
        var analyst = new Option<string>("--as") { Description = "The collaborator that asks and receives.", Required = true };
        var sql = new Option<FileInfo[]>("--sql")
        {
            Description = "Files of SQL text in UTF-8, one query each.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        sql.Validators.Add(files =>
        {
            foreach (var option in files.Tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal)))
            {
                files.AddError($"'{option.Value}' is no option of this command.");
            }
        });
        var json = new Option<bool>("--json") { Description = "One JSON object a line, in the order of the files." };
        var command = new Command("explain", "Says which rules allow or refuse a query, whose they are, and what would pass. Touches no data.")
        {
            contract, analyst, sql, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(contract),
            parsed.GetRequiredValue(analyst),
            parsed.GetRequiredValue(sql),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo contractFile, string analyst, FileInfo[] files, bool asJson, CancellationToken cancellationToken)
    {
        if (!Output.ReadContract(contractFile).TryGet(out var contract, out var refusals))
        {
            return Output.Refuse(refusals);
        }

        if (contract.Collaborators.All(collaborator => collaborator.Id != analyst))
        {
            var known = string.Join(", ", contract.Collaborators.Select(collaborator => collaborator.Id));
            return Output.Refuse([new(RefusalCode.DocumentInvalid, $"--as with a collaborator of the contract ({known})", $"'{analyst}'")]);
        }

        // All texts are read before the first verdict: a wrong path does not leave half an answer.
        var texts = files.Select(QueryFile.Read).ToList();
        if (texts.SelectMany(text => text.Refusals).ToImmutableArray() is { IsEmpty: false } wrong)
        {
            return Output.Refuse(wrong);
        }

        try
        {
            await ExplainAsync(contract, analyst, [.. files.Zip(texts, (file, text) => (file.Name, text.Value))], asJson, cancellationToken);
            return ExitCodes.Ok;
        }
        catch (EngineUnavailableException exception)
        {
            return Output.Refuse([new(RefusalCode.Unavailable, "an isolated process that parses SQL", exception.Message)]);
        }
    }

    private static async Task ExplainAsync(
        DocumentContract contract,
        string analyst,
        ImmutableArray<(string Name, string Sql)> texts,
        bool asJson,
        CancellationToken cancellationToken)
    {
        var digest = DocumentCodec.DigestOf(contract);
        using var host = new EngineHost(new EngineOptions(), TimeProvider.System);
        await using var binder = new IsolatedSqlBinder(host, new SqlBinderOptions { WallClock = _patience });
        var analyzer = new QueryAnalyzer(binder);
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
            if (asJson)
            {
                Console.Out.WriteLine(VerdictReport.Json(analysis.Verdict));
                continue;
            }

            foreach (var line in VerdictReport.Words(name, analysis.Verdict))
            {
                Console.Out.WriteLine(line);
            }
        }
    }
}
