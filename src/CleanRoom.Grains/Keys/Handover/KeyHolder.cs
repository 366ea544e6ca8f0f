using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Ledger;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>The logic of <see cref="KeyHolderGrain"/> without a silo: who gets a secret from this one, and what a peer may know of a log.</summary>
/// <remarks>
/// A collaboration's secret moves when the ledger has taken the asker's admission: the fold appraises it against the contract, so it is the same judgement as
/// every member's audit makes, and no node holds the secret that the ledger does not name. Safe for concurrent calls. Spec: contracts/spec/0021.
/// </remarks>
public sealed class KeyHolder(LedgerServices services, CollaborationKeyring keyring, BudgetKeyring budgets, IFleet fleet)
{
    private const int NonceBytes = 32;
    private const int MaxOpenOffers = 1_024;
    private const int Tries = 3;

    private static readonly TimeSpan _offerLasts = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<Bytes, Offer> _offers = new();

    /// <summary>Says what the asker's evidence has to be bound to.</summary>
    /// <returns>The offer; or why this silo hands nothing over: it does not hold the secret, or does not know that its log is the newest.</returns>
    public Task<Result<HandoverOffer>> OfferAsync(string collaboration, CancellationToken cancellationToken) => OfferAsync(collaboration, _ => null, cancellationToken);

    /// <summary>As <see cref="OfferAsync(string, CancellationToken)"/>, for an asker to whom not every room is handed over.</summary>
    /// <param name="collaboration">The collaboration.</param>
    /// <param name="whyNot">Says why a room is not, whatever its contract accepts; null when it is for the contract to say.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal async Task<Result<HandoverOffer>> OfferAsync(string collaboration, Func<CollaborationState, Refusal?> whyNot, CancellationToken cancellationToken)
    {
        if (!(await OpenAsync(collaboration, cancellationToken)).TryGet(out var open, out var refusals))
        {
            return refusals;
        }

        if (whyNot(open.Ledger.State) is { } stays)
        {
            return stays;
        }

        var subject = RoomSubject.Of(open.Ledger.State, open.Ledger.Checkpoint);
        return Issue(new Offer(collaboration, Now + _offerLasts, nonce => ExpectedOf(subject.ToSubject(nonce, BindingPurpose.Handover))))
            .Then<HandoverOffer>(nonce => new HandoverOffer(nonce.ToArray(), subject));
    }

    /// <summary>Takes the asker's admission into the ledger and seals the secret to the key in its evidence.</summary>
    /// <param name="collaboration">The collaboration.</param>
    /// <param name="admission">An encoded envelope. Trust: a peer of the same code, over a network that is the operator's.</param>
    /// <param name="cancellationToken">Stops before the admission is written.</param>
    /// <returns>The sealed secret; <see cref="RefusalCode.Replayed"/> for evidence that answers no open offer; or every reason of the binding, the
    /// signature or the contract's appraisal.</returns>
    public async Task<Result<HandedOver>> HandOverAsync(string collaboration, byte[] admission, CancellationToken cancellationToken)
    {
        if (!EnvelopeCodec.Parse(admission).TryGet(out var envelope, out var refusals)
            || !DocumentCodec.Parse<NodeAdmission>(envelope.Payload.Span).TryGet(out var document, out refusals)
            || !Take(collaboration, document.Attestation.Binding).TryGet(out var binding, out refusals))
        {
            return refusals;
        }

        for (var attempt = 1; ; attempt++)
        {
            if (!(await OpenAsync(collaboration, cancellationToken)).TryGet(out var open, out refusals))
            {
                return refusals;
            }

            var (room, ledger) = open;
            if ((await ledger.AppendAsync([(_, _) => ValueTask.FromResult(envelope)], cancellationToken)).TryGet(out _, out refusals))
            {
                using var secret = room.Keys.ExportSecret();
                return await SealAsync(binding, collaboration, secret, room.Seen, cancellationToken);
            }

            // Another writer was first: the room itself goes on beside this.
            if (refusals[0].Code != RefusalCode.SequenceConflict || attempt == Tries)
            {
                return refusals;
            }
        }
    }

    /// <summary>Gives a nonce for a budget log's secret, when this silo holds it.</summary>
    public Result<Bytes> OfferBudget(string log) => budgets.FindHeld(log) is null
        ? NotHeld(log)
        : Issue(new Offer(log, Now + _offerLasts, ExpectedBinding.Admission));

    /// <summary>Seals a budget log's secret to a node of this fleet: such a log has no contract, and is kept by the nodes of one operator's fleet.</summary>
    /// <inheritdoc cref="HandOverAsync"/>
    public Task<Result<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation, CancellationToken cancellationToken) =>
        HandOverBudgetAsync(log, attestation, WhyNotOfFleet, cancellationToken);

    /// <summary>Seals a budget log's secret to a node that is judged in another way.</summary>
    /// <param name="log">The log's id.</param>
    /// <param name="attestation">Encoded. Trust: attacker-controlled.</param>
    /// <param name="whyNot">Says why a node whose evidence answers an open offer of this holder does not get it; empty when it does.</param>
    /// <param name="cancellationToken">Stops before the secret is sealed.</param>
    internal async Task<Result<HandedOver>> HandOverBudgetAsync(
        string log, byte[] attestation, Func<NodeAttestation, Task<ImmutableArray<Refusal>>> whyNot, CancellationToken cancellationToken)
    {
        if (!DocumentCodec.ParseAttestation(attestation).TryGet(out var shown, out var refusals)
            || !Take(log, shown.Binding).TryGet(out var binding, out refusals))
        {
            return refusals;
        }

        if (await whyNot(shown) is { IsEmpty: false } reasons)
        {
            return reasons;
        }

        if (budgets.FindHeld(log) is not { } keys)
        {
            return NotHeld(log);
        }

        using var secret = keys.ExportSecret();
        return await SealAsync(binding, log, secret, keys.Seen, cancellationToken);
    }

    /// <summary>Says what this silo knows of a log.</summary>
    public Result<Vouch> Vouch(string collaboration) => keyring.FindHeld(collaboration) is { } room
        ? new Vouch(room.IsFresh, room.Seen, room.Halted)
        : NotHeld(collaboration);

    /// <summary>Gets the time that this silo's clock shows.</summary>
    public Timestamp Clock => services.Clock.Now;

    /// <summary>Remembers how long a log is.</summary>
    public void See(string collaboration, LogMark seen) => keyring.FindHeld(collaboration)?.See(seen.Size, seen.Root);

    private Task<ImmutableArray<Refusal>> WhyNotOfFleet(NodeAttestation shown) =>
        Task.FromResult(fleet.Appraise(shown, shown.Binding.Nonce, Timestamp.From(Now)) is { IsAccepted: false } refused ? refused.Refusals : []);

    private DateTimeOffset Now => services.Time.GetUtcNow();

    private static ExpectedBinding ExpectedOf(BindingSubject subject) => ExpectedBinding.Handover(
        subject.Nonce, subject.Collaboration, subject.CollaborationKey, subject.CheckpointKey, subject.ContractDigest!.Value); // A room has one.

    private static Refusal NotHeld(string log) => new(RefusalCode.Unavailable, $"a silo that holds the secret of {log}", "one that does not");

    private async Task<Result<(RoomKeys Room, CollaborationLedger Ledger)>> OpenAsync(string collaboration, CancellationToken cancellationToken)
    {
        if (keyring.FindHeld(collaboration) is not { } room)
        {
            return NotHeld(collaboration);
        }

        if (room.Halted is { } halted)
        {
            return halted;
        }

        // Of a log that was cut, the measurement that asks may have been revoked since.
        if (!room.IsFresh)
        {
            return new Refusal(RefusalCode.ReadOnly, "a holder that knows its log to be the newest", "one that waits for witnesses");
        }

        return (await CollaborationLedger.OpenAsync(collaboration, room, services, cancellationToken)).Then<(RoomKeys, CollaborationLedger)>(ledger =>
            ledger.State.IsTerminated ? ledger.State.WhyNotActive(ledger.Now)! : (room, ledger));
    }

    private Result<Bytes> Issue(Offer offer)
    {
        foreach (var (old, stale) in _offers)
        {
            if (stale.Ends <= Now)
            {
                _offers.TryRemove(old, out _);
            }
        }

        if (_offers.Count >= MaxOpenOffers)
        {
            return new Refusal(RefusalCode.TooManyRequests, $"at most {MaxOpenOffers} open offers", $"another, for {offer.Log}");
        }

        var nonce = new Bytes(RandomNumberGenerator.GetBytes(NonceBytes));
        _offers[nonce] = offer;
        return nonce;
    }

    /// <summary>Takes the offer that a binding answers. It is gone then, whatever comes of it.</summary>
    private Result<Binding> Take(string log, Binding binding)
    {
        if (!_offers.TryRemove(binding.Nonce, out var offer) || offer.Ends <= Now || offer.Log != log)
        {
            return new Refusal(RefusalCode.Replayed, $"evidence over an open offer for {log}", "a nonce of none");
        }

        var failures = BindingCheck.Failures(binding, offer.Expected(binding.Nonce));
        return failures.IsEmpty ? binding : failures.Select(failure => failure.ToRefusal()).ToImmutableArray();
    }

    private async Task<Result<HandedOver>> SealAsync(Binding binding, string log, SecretBytes secret, LogMark seen, CancellationToken cancellationToken) =>
        (await KeyHandovers.SealAsync(
            services.Backend, binding.SealingKey, new HandoverSubject(log, DocumentCodec.DigestOf(binding)), secret, cancellationToken))
        .Then<HandedOver>(handed => new HandedOver(handed.Enc.ToArray(), handed.Ciphertext.ToArray(), seen.Size, seen.Root.ToString()));

    private sealed record Offer(string Log, DateTimeOffset Ends, Func<Bytes, ExpectedBinding> Expected);
}
