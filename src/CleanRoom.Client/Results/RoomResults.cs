using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Receipts;

namespace CleanRoom.Client.Results;

/// <summary>A receiver fetches answers and receipts. Spec: contracts/spec/0009.</summary>
/// <param name="room">The room.</param>
public sealed class RoomResults(RoomClient room)
{
    /// <summary>The largest answer that is fetched, in sealed bytes.</summary>
    public const long MaxBlobBytes = 1L << 30;

    /// <summary>Fetches the newest answer of a query and opens it against the Result row of the verified ledger.</summary>
    /// <returns>The answer; or <see cref="RefusalCode.ResultUnknown"/>, <see cref="RefusalCode.SealInvalid"/>, or the room's refusals.</returns>
    public async Task<Result<OpenedAnswer>> OpenAsync(Digest query, CancellationToken cancellationToken)
    {
        if (!(await RefreshAsync(query, cancellationToken)).TryGet(out var run, out var refusals))
        {
            return refusals;
        }

        var result = run.Result!; // The newest answered run has one.
        if (result.Blob.Bytes > MaxBlobBytes)
        {
            return new Refusal(RefusalCode.DocumentTooLarge, $"an answer of at most {MaxBlobBytes} sealed bytes", $"{result.Blob.Bytes}");
        }

        var request = ApiRequest.Get(ApiPaths.OfQuery(ApiRoutes.Result, room.Collaboration, query));
        if (!(await room.SendAsync(request, cancellationToken)).TryGet(out var reply, out refusals))
        {
            return refusals;
        }

        using (reply)
        {
            if (!(await reply.ReadAsync(result.Blob.Bytes, cancellationToken)).TryGet(out var blob, out refusals))
            {
                return refusals;
            }

            var opened = await ResultSealing.OpenAsync(
                room.Services.Backend, room.Member.Keys.Receive, result, room.Member.Collaborator, room.Member.Member, blob, cancellationToken);
            return opened.Then(answer => ReleaseChecks.WhyWrong(result, answer) is { } wrong
                ? wrong
                : Result.Accept(new OpenedAnswer(run, answer.Salt, answer.Payload)));
        }
    }

    /// <summary>Builds the receipt of the newest answer from the verified ledger, and verifies it as a stranger would.</summary>
    /// <param name="query">The query.</param>
    /// <param name="isRedacted">Leaves contract and query out.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The bundle with its report, or why it does not hold.</returns>
    public async Task<Result<VerifiedReceipt>> ReceiptAsync(Digest query, bool isRedacted, CancellationToken cancellationToken)
    {
        if (!(await RefreshAsync(query, cancellationToken)).TryGet(out var run, out var refusals)
            || !ReceiptBundles.Build(room.State, room.Mirror.Rows, run, room.Mirror.Note, isRedacted).TryGet(out var bundle, out refusals))
        {
            return refusals;
        }

        var bytes = DocumentCodec.Encode(bundle);
        var report = ReceiptVerifier.Verify(bytes, at: null, room.Services.Fold);
        return report.IsVerified ? new VerifiedReceipt(new Bytes(bytes), report) : report.Failures;
    }

    private async Task<Result<RunState>> RefreshAsync(Digest query, CancellationToken cancellationToken)
    {
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals) || !room.State.FindQuery(query).TryGet(out var found, out refusals))
        {
            return refusals;
        }

        return found.Runs.LastOrDefault(run => run.Result is not null) is { } answered
            ? answered
            : new Refusal(RefusalCode.ResultUnknown, $"an answer to query {query.Abbreviated}", "none yet");
    }
}
