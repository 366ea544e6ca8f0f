using System.Collections.Immutable;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Queries;

/// <summary>Seals a released answer, stores it, and makes the wraps that exist nowhere but in the Result row. Spec: contracts/spec/0009 s.2.</summary>
internal sealed class RunSealing(RunServices services)
{
    /// <summary>Seals and stores.</summary>
    /// <param name="prepared">The run.</param>
    /// <param name="assignment">Its charge and receivers.</param>
    /// <param name="payload">The released bytes.</param>
    /// <param name="histories">What the audit of earlier answers remembers from now on.</param>
    /// <param name="releases">Says whose rows leave, of the sealed answer.</param>
    /// <param name="cancellationToken">Stops before the store has the bytes.</param>
    /// <returns>The row to commit, or <see cref="RefusalCode.SealInvalid"/> for a receive key that is no point on the curve.</returns>
    /// <exception cref="StorageException">The store did not take it.</exception>
    public async Task<Result<RunResult>> SealAsync(
        PreparedRun prepared,
        RunAssignment assignment,
        ReadOnlyMemory<byte> payload,
        ImmutableArray<HistoryRecord> histories,
        Func<SealedResult, ImmutableArray<ReleaseRecord>?> releases,
        CancellationToken cancellationToken)
    {
        var query = DocumentCodec.DigestOf(prepared.Query);
        var context = new ResultContext(prepared.Query.Collaboration, query, assignment.ChargeSequence);
        using var sealedResult = await ResultSealing.SealAsync(services.Backend, context, payload, cancellationToken);
        var wraps = ImmutableArray.CreateBuilder<ResultWrap>(assignment.Receivers.Length);
        foreach (var receiver in assignment.Receivers)
        {
            var wrapped = await ResultSealing.WrapAsync(
                services.Backend, context, receiver.Collaborator, receiver.Member, new Bytes(receiver.PublicKey), sealedResult, cancellationToken);
            if (!wrapped.TryGet(out var wrap, out var refusals))
            {
                return refusals;
            }

            wraps.Add(wrap);
        }

        var name = ObjectName.Random();
        using var content = new MemoryStream(sealedResult.Blob.ToArray(), writable: false);
        if (await services.Objects.PutAsync(ObjectContainer.Results, name, content, cancellationToken) is var outcome and not PutOutcome.Stored)
        {
            throw new StorageException(StorageFailure.Failed, $"wanted the store to take a result; got {outcome}", cause: null);
        }

        return new RunResult
        {
            Collaboration = prepared.Query.Collaboration,
            QueryDigest = query,
            ChargeSequence = assignment.ChargeSequence,
            Commitment = sealedResult.Commitment,
            Blob = new ResultBlob { Name = name.ToString(), Bytes = sealedResult.Blob.Length, Digest = Digest.Of(sealedResult.Blob.Span) },
            Wraps = wraps.ToImmutable(),
            History = histories,
            Releases = releases(sealedResult),
        };
    }

    /// <summary>Removes the blobs of a row that was not committed.</summary>
    public async Task DiscardAsync(RunResult result, CancellationToken cancellationToken)
    {
        var name = ObjectName.Parse(result.Blob.Name);
        await services.Objects.DeleteAsync(ObjectContainer.Results, name, cancellationToken);
        await DiscardAsync(result.History, cancellationToken);
    }

    /// <summary>Removes states that no row names.</summary>
    public async Task DiscardAsync(ImmutableArray<HistoryRecord> histories, CancellationToken cancellationToken)
    {
        foreach (var history in histories)
        {
            await services.Objects.DeleteAsync(ObjectContainer.Derived, ObjectName.Parse(history.Blob.Name), cancellationToken);
        }
    }

    /// <summary>Waits for the next moment of the contract's answer schedule, so that the time of an answer says nothing of the work behind it.</summary>
    public async Task WaitForScheduleAsync(PreparedRun prepared, CancellationToken cancellationToken)
    {
        if (prepared.Contract.Output.AnswerEveryMs is { } everyMs)
        {
            var now = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
            await Task.Delay(TimeSpan.FromMilliseconds(everyMs - (now % everyMs)), services.Time, cancellationToken);
        }
    }
}
