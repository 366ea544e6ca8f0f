using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Ledger;

/// <summary>Audits a room's ledger from row 0 once more, from bytes fetched afresh, as if nothing had been checked before. Spec: contracts/spec/0005 s.6.</summary>
public sealed class LedgerAudit(RoomClient room)
{
    private const int RowsPerStep = 16;

    /// <summary>Reads every row, and checks and folds it.</summary>
    /// <param name="report">Is told the rows done and the rows in all, every few rows; a page paints in it.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <returns>
    /// What holds; or what the fold refuses, with its row; or <see cref="RefusalCode.RowInvalid"/> for rows that the signed checkpoint does not
    /// cover; or <see cref="RefusalCode.CheckpointInconsistent"/> for a ledger that does not go on from the one that this client has verified.
    /// </returns>
    public async Task<Result<AuditReport>> RunAsync(Func<long, long, Task> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!(await room.CallRowsAsync(ApiPaths.Of(ApiRoutes.Rows, room.Collaboration) + "?", cancellationToken)).TryGet(out var read, out var refusals))
        {
            return refusals;
        }

        var (state, signatures) = (CollaborationState.Empty, 0);
        foreach (var bytes in read.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!RowCodec.Parse(bytes.Span).TryGet(out var row, out refusals) || !LedgerFold.Apply(state, row, room.Services.Fold).TryGet(out var next, out refusals))
            {
                return refusals.Add(new Refusal(RefusalCode.RowInvalid, $"{read.Rows.Count} rows that follow from each other", $"row {state.Log.Size} that does not"));
            }

            state = next;
            signatures += row.Envelope.Signatures.Length;
            if (state.Log.Size % RowsPerStep == 0)
            {
                await report(state.Log.Size, read.Rows.Count);
            }
        }

        if (!LedgerMirror.VerifyNote(state, room.Collaboration, read.Note, room.Services.Fold).TryGet(out var checkpoint, out refusals))
        {
            return refusals;
        }

        if (LedgerMirror.WhyOther(state, checkpoint) is { } other)
        {
            return other;
        }

        var known = room.State.Log;
        if (known.Size > state.Log.Size || state.Log.RootAt(known.Size) != known.Root)
        {
            return new Refusal(
                RefusalCode.CheckpointInconsistent,
                $"a ledger that goes on from {known.Size} rows with root {known.Root}, which this client has verified",
                $"{state.Log.Size} rows with root {state.Log.Root}");
        }

        await report(state.Log.Size, state.Log.Size);
        return new AuditReport(state.Log.Size, state.Log.Root, signatures, state.Queries.Values.Sum(query => query.Runs.Length));
    }
}

/// <summary>What an audit found to hold.</summary>
/// <param name="Rows">Rows, each following from those before it.</param>
/// <param name="Root">The root of all, as the signed checkpoint has it.</param>
/// <param name="Signatures">Signatures that were verified.</param>
/// <param name="Runs">Charged runs, each with approvals, budgets and proofs.</param>
public sealed record AuditReport(long Rows, Digest Root, int Signatures, int Runs);
