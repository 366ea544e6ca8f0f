using System.Text.Json;
using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Ledger;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Cli.Commands.Log;

/// <summary>A ledger as <c>log audit --out</c> writes it: rows and checkpoint, to be folded without a network.</summary>
/// <param name="Log">Trust: whoever handed the file over; nothing in it counts before <see cref="Fold"/>.</param>
/// <param name="Origin">The collaboration's id as the checkpoint says it; row 0 must lead to it.</param>
internal sealed record LedgerFile(RowsResponse Log, string Origin)
{
    private const int MaxFileBytes = 1 << 30;

    /// <summary>Reads a file.</summary>
    public static Result<LedgerFile> Read(FileInfo file) => InputFiles.Read(file, MaxFileBytes)
        .Then(bytes => Parse(file, bytes))
        .Then(log => SignedNote.Parse(log.Checkpoint)
            .Then(note => Checkpoint.Parse(note.Text))
            .Then<LedgerFile>(checkpoint => new LedgerFile(log, checkpoint.Origin)));

    /// <summary>Checks and folds every row under the checkpoint.</summary>
    /// <param name="services">Signature verification and node appraisal.</param>
    /// <param name="seen">Notes of the collaboration that were seen before.</param>
    public Result<LedgerMirror> Fold(FoldServices services, IReadOnlyList<string> seen)
    {
        var mirror = new LedgerMirror(Origin, services);
        return mirror.Extend(Log.Rows, Log.Checkpoint, seen).Then(_ => Result.Accept(mirror));
    }

    private static Result<RowsResponse> Parse(FileInfo file, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ApiJsonContext.Default.RowsResponse) is { Rows.IsDefault: false } log ? log : Wrong(file);
        }
        catch (JsonException)
        {
            return Wrong(file);
        }

        static Refusal Wrong(FileInfo file) => new(RefusalCode.JsonInvalid, "a ledger as log audit --out writes it", $"other json in {file.Name}");
    }
}
