using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>What this silo does for nodes of another build, to which rooms move: the two calls of a handover, and nothing else.</summary>
/// <remarks>
/// The operator alone has said which build may ask. So nothing that a stranger may not see leaves by it but a secret, sealed to a node that the rooms
/// themselves accept: of a collaboration its contract, in the ledger; of a budget log every room that the log counts for. Safe for concurrent calls.
/// Spec: contracts/spec/0021 s.8.
/// </remarks>
/// <param name="holder">Hands over.</param>
/// <param name="rooms">Judge of budget logs.</param>
/// <param name="logger">Hears of ids and codes alone.</param>
public sealed partial class OtherBuildHolder(KeyHolder holder, BudgetRooms rooms, ILogger<OtherBuildHolder> logger)
{
    /// <inheritdoc cref="KeyHolder.OfferAsync(string, CancellationToken)"/>
    public Task<Result<HandoverOffer>> OfferAsync(string collaboration, CancellationToken cancellationToken) =>
        GuardAsync(collaboration, () => holder.OfferAsync(collaboration, WhyItStays, cancellationToken));

    /// <inheritdoc cref="KeyHolder.HandOverAsync"/>
    public async Task<Result<HandedOver>> HandOverAsync(string collaboration, byte[] admission, CancellationToken cancellationToken)
    {
        var handed = await GuardAsync(collaboration, () => holder.HandOverAsync(collaboration, admission, cancellationToken));
        if (handed.IsAccepted)
        {
            LogHandedOver(collaboration);
        }

        return handed;
    }

    /// <inheritdoc cref="KeyHolder.OfferBudget"/>
    public Result<Bytes> OfferBudget(string log) => holder.OfferBudget(log);

    /// <summary>Seals a budget log's secret to a node that every room accepts for which the log counts.</summary>
    /// <inheritdoc cref="KeyHolder.HandOverAsync"/>
    public async Task<Result<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation, CancellationToken cancellationToken)
    {
        var handed = await GuardAsync(log, () => holder.HandOverBudgetAsync(log, attestation, shown => rooms.WhyNotAsync(log, shown, cancellationToken), cancellationToken));
        if (handed.IsAccepted)
        {
            LogHandedOver(log);
        }

        return handed;
    }

    /// <summary>
    /// No other machine has this one's counter, and a counter stands for nothing once another machine has the secret (0022 s.6): the room would be read-only
    /// at both builds for good.
    /// </summary>
    private static Refusal? WhyItStays(CollaborationState state) => CounterGate.IsWanted(state)
        ? new(RefusalCode.NotPermitted, "a room that witnesses can show the newest log of, to move it to another build", "rollback: counter")
        : null;

    private async Task<Result<T>> GuardAsync<T>(string log, Func<Task<Result<T>>> call)
        where T : notnull
    {
        Result<T> result;
        try
        {
            result = await call();
        }
        catch (StorageException exception)
        {
            LogStoreFailed(exception, exception.Failure);
            return new Refusal(RefusalCode.StorageFailed, "a store that takes and gives rows", exception.Failure.ToString().ToLowerInvariant());
        }

        if (!result.IsAccepted)
        {
            LogRefused(log, string.Join("; ", result.Refusals));
        }

        return result;
    }

    [LoggerMessage(3441, LogLevel.Warning, "The secret of {Log} was handed over to a node of another build, which its rooms accept")]
    private partial void LogHandedOver(string log);

    [LoggerMessage(3442, LogLevel.Warning, "The secret of {Log} was not handed over to a node of another build: {Refusals}")]
    private partial void LogRefused(string log, string refusals);

    [LoggerMessage(3443, LogLevel.Error, "The store failed while a node of another build asked for a secret: {Failure}")]
    private partial void LogStoreFailed(Exception exception, StorageFailure failure);
}
