using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Query;

/// <summary><c>cleanroom query submit</c>: asks for real, in SQL or by a template.</summary>
internal static class QuerySubmitCommand
{
    private const int DefaultDays = 7;

    private static readonly Option<FileInfo?> _sql = new("--sql") { Description = "A file with the SQL text." };

    private static readonly Option<string?> _template = new("--template") { Description = "The name of a template of the contract, in place of --sql." };

    private static readonly Option<string[]> _parameters = StrictOptions.Several<string>("--parameter", "NAME=VALUE for a template.", required: false);

    private static readonly Option<string[]> _receivers =
        StrictOptions.Several<string>("--receiver", "Collaborators that receive the answer. Default: the asker.", required: false);

    private static readonly Option<int> _runs = new("--runs") { Description = "How often it may run.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> _days = StrictOptions.Days("How long it may run.", DefaultDays);

    public static Command Create(CliHost host) => Verb.Create(
        host, "submit", "Signs a query over the current datasets and appends it with the room's verdict on it.",
        [_sql, _template, _parameters, _receivers, _runs, _days, .. CommonOptions.Acting],
        (context, cancel) => RoomSession.RunAsync(context, room => RunAsync(context, room, cancel), cancel));

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        if (!QuestionOf(context, room).TryGet(out var question, out var refusals))
        {
            return refusals;
        }

        var now = context.Host.Now;
        var terms = new QueryTerms(context.Get(_runs), now, now.Plus(TimeSpan.FromDays(context.Get(_days))));
        return (await new RoomQueries(room).SubmitAsync(question, terms, cancellationToken)).Then<VerbAnswer>(submitted => VerbAnswer.Of(
            new JsonObject
            {
                ["query"] = submitted.QueryDigest.ToString(),
                ["verdictDigest"] = submitted.VerdictDigest.ToString(),
                ["verdict"] = JsonNode.Parse(DocumentCodec.Encode(submitted.Verdict)),
            },
            $"query {submitted.QueryDigest} is in the ledger",
            submitted.Verdict.Approvers.IsEmpty ? "it needs nobody's approval" : $"it needs the approval of {string.Join(", ", submitted.Verdict.Approvers)}"));
    }

    private static Result<QueryQuestion> QuestionOf(VerbContext context, RoomClient room)
    {
        ImmutableArray<string> receivers = context.Get(_receivers) is { Length: > 0 } given ? [.. given] : [room.Member.Collaborator];
        switch (context.Get(_sql), context.Get(_template))
        {
            case ({ } file, null) when context.Get(_parameters) is null or []:
                return QueryFile.Read(file).Then(sql => Result.Accept(QueryQuestion.OfSql(sql, receivers)));
            case (null, { } name):
                var template = room.State.Active?.Contract.Templates.FirstOrDefault(known => known.Name == name);
                if (template is null)
                {
                    var known = room.State.Active?.Contract.Templates.Select(t => t.Name) ?? [];
                    return new Refusal(RefusalCode.QueryRefused, $"a template of the contract in force: {string.Join(", ", known)}", $"'{name}'");
                }

                return ReadParameters(context).Then(values => Result.Accept(QueryQuestion.OfTemplate(DocumentCodec.DigestOf(template), values, receivers)));
            default:
                return new Refusal(RefusalCode.DocumentInvalid, "--sql with a file, or --template with its parameters", "another combination");
        }
    }

    private static Result<ImmutableSortedDictionary<string, string>> ReadParameters(VerbContext context)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var given in context.Get(_parameters) ?? [])
        {
            if (given.Split('=', 2) is not [{ Length: > 0 } name, var value] || !values.TryAdd(name, value))
            {
                return new Refusal(RefusalCode.DocumentInvalid, "--parameter NAME=VALUE, each name once", "another text");
            }
        }

        return values.ToImmutable();
    }
}
