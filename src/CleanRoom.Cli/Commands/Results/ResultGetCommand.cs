using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Answers;
using CleanRoom.Cli.Commands.Query;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Results;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Results;

/// <summary><c>cleanroom result get</c>: opens an answer with the member's receive key, and writes it and its receipt.</summary>
internal static class ResultGetCommand
{
    private static readonly Argument<string> _query = new("query") { Description = "The query's digest, or its beginning." };

    private static readonly Option<FileInfo?> _out = new("--out") { Description = "The file to write. Without it a table is printed." };

    private static readonly Option<OutputFormat> _to = StrictOptions.Name("--to", "csv, parquet or arrow.", OutputFormat.Csv);

    private static readonly Option<FileInfo?> _receipt = new("--receipt") { Description = "Writes the receipt, which anyone can check without the room." };

    private static readonly Option<bool> _redacted = new("--redacted") { Description = "Leaves contract and query out of the receipt." };

    public static Command Create(CliHost host) => new("result", "Answers.")
    {
        Verb.Create(
            host, "get", "Opens the newest answer of a query with your receive key.", [_query, _out, _to, _receipt, _redacted, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => RunAsync(context, room, cancel), cancel)),
    };

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        if (!QueryDecisionCommands.Find(room, context.Require(_query)).TryGet(out var query, out var refusals)
            || !CheckFormat(context, room, query.Query.ContractDigest).TryGet(out var format, out refusals)
            || !(await new RoomResults(room).OpenAsync(query.Digest, cancellationToken)).TryGet(out var answer, out refusals))
        {
            return refusals;
        }

        var table = ArrowTable.Read(answer.Payload);
        var words = ImmutableArray.CreateBuilder<string>();
        if (context.Get(_out) is { } file)
        {
            if (!(await EncodeAsync(format, table, answer.Payload, cancellationToken)).TryGet(out var bytes, out refusals))
            {
                return refusals;
            }

            if (InputFiles.Write(file, bytes) is { } notWritten)
            {
                return notWritten;
            }

            words.Add($"wrote {table.Rows.Length} rows to {file.FullName}");
        }
        else
        {
            words.AddRange(TableWords.Of(table));
        }

        words.AddRange(ReleaseWords(room, answer));
        if (context.Get(_receipt) is { } receiptFile)
        {
            if (!(await new RoomResults(room).ReceiptAsync(query.Digest, context.Get(_redacted), cancellationToken)).TryGet(out var receipt, out refusals))
            {
                return refusals;
            }

            if (InputFiles.Write(receiptFile, receipt.Bundle.Span) is { } notWritten)
            {
                return notWritten;
            }

            words.Add($"wrote the receipt to {receiptFile.FullName}; check it with: cleanroom receipt verify {receiptFile.Name}");
        }

        return new VerbAnswer(Json(context, query.Digest, answer, table), words.ToImmutable());
    }

    /// <summary>Of a list: what the ledger says of whose rows left, which the client has checked where the answer holds their ids.</summary>
    private static IEnumerable<string> ReleaseWords(RoomClient room, OpenedAnswer answer) => (answer.Run.Result?.Releases ?? []).Select(release =>
        $"lists rows of {release.Units} people of {room.State.Datasets[release.ManifestDigest].Manifest.Dataset}; the ledger holds a commitment to who they are, "
        + (release.Columns.IsEmpty ? "which nobody can check: the answer does not name them" : "which this answer matches"));

    /// <summary>The contract says in which forms an answer may be taken out; a table on the screen is none of them.</summary>
    private static Result<OutputFormat> CheckFormat(VerbContext context, RoomClient room, Digest contract)
    {
        var allowed = room.State.Contracts[contract].Contract.Output.Formats;
        var wanted = context.Get(_to);
        return context.Get(_out) is null || allowed.Contains(wanted)
            ? wanted
            : new Refusal(
                RefusalCode.NotPermitted,
                $"a format of the contract: {string.Join(", ", allowed.Select(one => one.ToString().ToLowerInvariant()))}",
                wanted.ToString().ToLowerInvariant());
    }

    private static Task<Result<byte[]>> EncodeAsync(
        OutputFormat format, ArrowTable table, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => format switch
        {
            OutputFormat.Csv => Task.FromResult(Result.Accept(CsvExport.Of(table))),
            OutputFormat.Parquet => ParquetExport.OfAsync(payload, cancellationToken),
            OutputFormat.Arrow => Task.FromResult(Result.Accept(payload.ToArray())),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };

    private static JsonObject Json(VerbContext context, Digest query, OpenedAnswer answer, ArrowTable table)
    {
        var json = new JsonObject
        {
            ["query"] = query.ToString(),
            ["commitment"] = answer.Run.Result!.Commitment.ToString(), // An opened answer has a result.
            ["salt"] = answer.Salt.ToString(),
            ["columns"] = new JsonArray([.. table.Columns.Select(column => (JsonNode)column)]),
            ["rowCount"] = table.Rows.Length,
            ["out"] = context.Get(_out)?.FullName,
            ["receipt"] = context.Get(_receipt)?.FullName,
        };
        if (answer.Run.Result.Releases is { } releases)
        {
            json["releases"] = new JsonArray([.. releases.Select(release => new JsonObject
            {
                ["manifest"] = release.ManifestDigest.ToString(),
                ["units"] = release.Units,
                ["commitment"] = release.Commitment.ToString(),
                ["checked"] = !release.Columns.IsEmpty,
            })]);
        }

        if (context.Get(_out) is null)
        {
            json["rows"] = new JsonArray([.. table.Rows.Select(row => new JsonArray([.. row.Select(cell => cell is null ? null : (JsonNode)cell)]))]);
        }

        return json;
    }
}
