using System.Collections.Immutable;
using CleanRoom.Cryptography;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>The other silos of the cluster, as holders of secrets and as those who remember how long a log was.</summary>
/// <remarks>
/// A peer that does not answer is passed over: what it would have said is missing, and nothing else goes wrong. Calls are made from a grain: a silo
/// takes none of these from a client. Spec: contracts/spec/0021.
/// </remarks>
public interface IPeerKeys
{
    /// <summary>Asks for a collaboration's secret, with evidence against its contract.</summary>
    /// <returns>The secret, which the caller disposes; the refusals of every peer that was asked; or null when there is no peer.</returns>
    Task<Result<HandedSecret>?> FetchAsync(string collaboration, CancellationToken cancellationToken);

    /// <summary>Asks for a budget log's secret, with evidence against the fleet's policy.</summary>
    /// <returns>As <see cref="FetchAsync"/>.</returns>
    Task<Result<HandedSecret>?> FetchBudgetAsync(string log, CancellationToken cancellationToken);

    /// <summary>Asks every peer that holds a collaboration's secret what it knows of the log.</summary>
    Task<ImmutableArray<Vouch>> VouchAsync(string collaboration, CancellationToken cancellationToken);

    /// <summary>Tells every peer how long a collaboration's log is now, so that any of them notices a store that goes back.</summary>
    Task TellAsync(string collaboration, LogMark seen, CancellationToken cancellationToken);

    /// <summary>Has every peer zero a collaboration's keys, remove its sealed copy, and certify it.</summary>
    /// <param name="collaboration">The collaboration.</param>
    /// <param name="ended">How its log ended; null for one that never began, of which nothing is certified.</param>
    /// <param name="cancellationToken">Stops before a peer is asked.</param>
    Task ForgetAsync(string collaboration, RoomSubject? ended, CancellationToken cancellationToken);

    /// <summary>Asks every peer what time its clock shows.</summary>
    /// <returns>The clocks of those that answer; null for a node without a cluster.</returns>
    Task<ImmutableArray<Timestamp>?> ClocksAsync(CancellationToken cancellationToken);

    /// <summary>Has every peer zero the columns of a collaboration that its runs have left in clear.</summary>
    /// <returns>False when a peer that is alive by the membership has not answered: it has to be told again.</returns>
    Task<bool> LetColumnsGoAsync(string collaboration);
}

/// <summary>A secret that a peer handed over.</summary>
/// <param name="Secret">The secret, unchecked.</param>
/// <param name="Seen">
/// How long the peer knows the log to be, which then is the newest; null for a peer of another build: its code was accepted once, by a log that may have been
/// cut since, and so its word counts for nothing.
/// </param>
public sealed record HandedSecret(SecretBytes Secret, LogMark? Seen) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Secret.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}

/// <summary>What a live peer knows of a log.</summary>
/// <param name="IsFresh">It has shown, as the contract demands, that the log is the newest, and has watched it since.</param>
/// <param name="Seen">The longest that it has seen.</param>
/// <param name="Halted">Its proof of a fork or a rollback; null when it has none.</param>
public sealed record Vouch(bool IsFresh, LogMark Seen, Refusal? Halted);

/// <summary>A node that is alone.</summary>
public sealed class NoPeerKeys : IPeerKeys
{
    /// <inheritdoc/>
    public Task<Result<HandedSecret>?> FetchAsync(string collaboration, CancellationToken cancellationToken) => Task.FromResult<Result<HandedSecret>?>(null);

    /// <inheritdoc/>
    public Task<Result<HandedSecret>?> FetchBudgetAsync(string log, CancellationToken cancellationToken) => Task.FromResult<Result<HandedSecret>?>(null);

    /// <inheritdoc/>
    public Task<ImmutableArray<Vouch>> VouchAsync(string collaboration, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<Vouch>.Empty);

    /// <inheritdoc/>
    public Task TellAsync(string collaboration, LogMark seen, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ForgetAsync(string collaboration, RoomSubject? ended, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ImmutableArray<Timestamp>?> ClocksAsync(CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<Timestamp>?>(null);

    /// <inheritdoc/>
    public Task<bool> LetColumnsGoAsync(string collaboration) => Task.FromResult(true);
}
