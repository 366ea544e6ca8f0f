using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Results;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>Three institutions, one answer, one receipt: from keys to the operator's view, against a room at some address.</summary>
internal sealed class DemoStory(StorySetting setting)
{
    private const string Asking = "registry";
    private const string Template = "mean-by-status";
    private const string Test = "hdl";
    private const string Event = "diabetes";

    private const string RefusedSql = "SELECT t.id, avg(t.value) FROM laboratory.tests t GROUP BY t.id";

    private const string JoinedSql =
        "SELECT r.status, count(DISTINCT r.id) AS people, avg(t.value) AS mean_hdl FROM registry.people r "
        + "JOIN laboratory.tests t ON r.id = t.id JOIN hospital.events e ON r.id = e.id "
        + $"WHERE t.test = '{Test}' AND e.event = '{Event}' GROUP BY r.status ORDER BY r.status";

    private static readonly ImmutableArray<string> _receivers = [Asking, "hospital"];

    /// <summary>Plays it.</summary>
    /// <returns>The ledger, as the asking member has verified it.</returns>
    /// <exception cref="StoryRefused">Something was refused.</exception>
    public async Task<LedgerMirror> PlayAsync(CancellationToken cancellationToken)
    {
        var agreement = new Agreement(setting);
        var institutions = await agreement.MakeKeysAsync(cancellationToken);
        try
        {
            var contract = await agreement.AgreeAsync(institutions, cancellationToken);
            ImmutableArray<Person> stewards = [.. institutions.Select(one => one.Steward)];
            await using var watch = new Watch(setting, stewards[0].Room.Collaboration, stewards);
            var contribution = new Contribution(setting);
            var manifests = await contribution.UploadAsync(contract, institutions, cancellationToken);
            await contribution.IngestAsync(contract, institutions, manifests, cancellationToken);
            var analyst = institutions.Single(one => one.Id == Asking).Analyst;
            await AskAsync(contract, institutions, analyst, cancellationToken);
            ShowOperatorsView();
            return analyst.Room.Mirror;
        }
        finally
        {
            foreach (var institution in institutions)
            {
                institution.Dispose();
            }
        }
    }

    private async Task AskAsync(
        DocumentContract contract, ImmutableArray<Institution> institutions, Person analyst, CancellationToken cancellationToken)
    {
        ImmutableArray<Person> receivers = [.. institutions.Where(one => _receivers.Contains(one.Id)).Select(one => one.Analyst)];
        var question = new Question(setting);
        var answer = new Answer(setting);
        await question.ExplainRefusalAsync(analyst, QueryQuestion.OfSql(RefusedSql, _receivers), cancellationToken);

        var template = contract.Templates.FirstOrDefault(one => one.Name == Template)
            ?? throw new StoryRefused([new Refusal(RefusalCode.ContractInvalid, $"a template {Template} in the contract", "none")]);
        var parameters = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("test", Test);
        var byTemplate = QueryQuestion.OfTemplate(DocumentCodec.DigestOf(template), parameters, _receivers);
        var first = await question.AskAsync("An agreed template is asked, approved by the owner that wants it, and run", analyst, byTemplate, institutions, cancellationToken);
        var table = await answer.OpenAsync(receivers, first, cancellationToken);
        CheckPeople(table, hospitalEvent: null, contract);

        var joined = QueryQuestion.OfSql(JoinedSql, _receivers);
        var second = await question.AskAsync("A free question over all three institutions needs all three approvals", analyst, joined, institutions, cancellationToken);
        CheckPeople(await answer.OpenAsync(receivers, second, cancellationToken), Event, contract);
        await answer.ProveAsync(receivers[^1], second, cancellationToken);
    }

    /// <summary>The story holds all files: it counts the people behind each row and compares with the threshold.</summary>
    private void CheckPeople(ArrowTable table, string? hospitalEvent, DocumentContract contract)
    {
        var counts = PeopleCounts.ByStatus(setting.Data, Test, hospitalEvent);
        var least = contract.Datasets.Max(dataset => dataset.Policy.Threshold.MinUnits);
        var status = table.Columns.IndexOf("status");
        var facts = new JsonArray();
        foreach (var row in table.Rows)
        {
            var people = counts[row[status] ?? string.Empty];
            facts.Add(new JsonObject { ["status"] = row[status], ["people"] = people, ["minUnits"] = least });
            if (people < least)
            {
                throw new StoryRefused([new Refusal(RefusalCode.QueryFailed, $"at least {least} people behind every row", $"{people}")]);
            }
        }

        var shown = string.Join(", ", table.Rows.Select(row => counts[row[status] ?? string.Empty].ToString("N0", CultureInfo.InvariantCulture)));
        setting.Narrator.Say($"Counted from the files in clear, which only this demo holds: {shown} people behind the rows; the owners want at least {least}.");
        setting.Narrator.Fact("hiddenPeople", facts);
    }

    private void ShowOperatorsView()
    {
        setting.Narrator.Step("What the operator of the machine holds: ciphertext and sizes");
        var (files, bytes, found) = OperatorView.Search(setting.OperatorDirectory, OperatorView.Needles(setting.Data, [RefusedSql, JoinedSql]));
        setting.Narrator.Fact("files", files);
        setting.Narrator.Fact("bytes", bytes);
        setting.Narrator.Fact("foundInClear", new JsonArray([.. found.Select(one => (JsonNode)one)]));
        if (!found.IsEmpty)
        {
            throw new StoryRefused([new Refusal(RefusalCode.SealInvalid, "nothing in clear in the operator's files", found[0])]);
        }

        setting.Narrator.Say(string.Create(
            CultureInfo.InvariantCulture, $"{files} files with {bytes:N0} bytes were searched for rows, cells and questions: nothing in clear."));
    }
}
