using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Sharing;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Ledger;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Grains.Keys.Recoveries;

/// <summary>The logic of <see cref="RecoveryGrain"/> without a silo: shows a node without a room's secret to its members, and takes their shares.</summary>
/// <remarks>
/// Nothing here needs to be believed by the members: they release to evidence that they have appraised. What this checks before the ledger is open keeps one
/// who is no member from spoiling the recovery; the ledger's own rules judge every release again before the secret is kept. A share is in clear only while
/// it is compared with its commitment, and again while the secret is restored. Not safe for concurrent calls. Spec: contracts/spec/0026 s.5 to s.7.
/// </remarks>
public sealed class RecoveryDesk(string collaboration, RoomServices services)
{
    private const int NonceBytes = 32;
    private const int MaxOpenOffers = 64;
    private const string NoCheckpoint = "none";

    private static readonly TimeSpan _offerLasts = TimeSpan.FromMinutes(15);

    private readonly Dictionary<Digest, Offer> _offers = [];
    private readonly SortedDictionary<string, Release> _releases = new(StringComparer.Ordinal);
    private VerifiedKit? _kit;

    /// <summary>Gets a value that says whether anything is held that an end of the process would lose.</summary>
    public bool IsOpen
    {
        get
        {
            Prune();
            return _offers.Count > 0 || _releases.Count > 0;
        }
    }

    /// <summary>Makes evidence that a member may release its share to.</summary>
    /// <param name="papers">Trust: attacker-controlled.</param>
    /// <param name="nonce">32 bytes that the member chose.</param>
    /// <param name="cancellationToken">Stops before the evidence is made.</param>
    /// <returns>The evidence, good for one release within 15 minutes; or why this node takes no recovery: it has the secret, or a peer has it, or the kit
    /// does not hold, or the contract does not accept this node.</returns>
    public async Task<Result<RecoveryOffered>> OfferAsync(RecoveryKit papers, Bytes nonce, CancellationToken cancellationToken)
    {
        if (nonce.Length != NonceBytes)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"a nonce of {NonceBytes} bytes", $"{nonce.Length} bytes");
        }

        // A stranger has no kit, and does not get to make the TEE work.
        if (!RecoveryKits.Verify(collaboration, papers, services.Ledger.Fold.Signatures).TryGet(out var kit, out var refusals))
        {
            return refusals;
        }

        if (await WhyNotLostAsync(cancellationToken) is { IsEmpty: false } notLost)
        {
            return notLost;
        }

        if (!Take(kit).TryGet(out _, out refusals))
        {
            return refusals;
        }

        var attestation = await services.Node.AttestAsync(
            new BindingSubject
            {
                Nonce = nonce,
                Purpose = BindingPurpose.Recovery,
                Collaboration = collaboration,
                CollaborationKey = kit.Genesis.SealingKey,
                CheckpointKey = kit.Genesis.CheckpointKey,
                ContractDigest = kit.Shares.ContractDigest,
                Checkpoint = await StoredCheckpointAsync(kit, cancellationToken),
            },
            cancellationToken);

        // A member would find out; this says it before anyone has to look. Endorsed code is not judged: the endorsements are in the log that nobody can read.
        if (!CodeAppraisal.Appraise(kit.Contract, [], Now, code => services.Ledger.Fold.Nodes.Appraise(attestation, code, Now)).TryGet(out _, out refusals))
        {
            return refusals;
        }

        Prune();
        if (_offers.Count >= MaxOpenOffers)
        {
            return new Refusal(RefusalCode.TooManyRequests, $"at most {MaxOpenOffers} open offers", "another");
        }

        _offers[DocumentCodec.DigestOf(attestation.Binding)] = new Offer(attestation.Binding, Now.Plus(_offerLasts));
        return new RecoveryOffered(DocumentCodec.Encode(attestation), [.. _releases.Keys], kit.Shares.K);
    }

    /// <summary>Takes a member's share; with the k-th collaborator's the room is restored.</summary>
    /// <param name="request">Trust: attacker-controlled.</param>
    /// <param name="cancellationToken">Stops before the share is opened.</param>
    /// <returns>Who has released; or <see cref="RefusalCode.Replayed"/> for a release to another node, another start or one that was taken; or what is wrong
    /// with the release; <see cref="RefusalCode.SealInvalid"/> names whose share is false; or, with the k-th, why the room was not restored: then all
    /// release again.</returns>
    public async Task<Result<RecoveryTaken>> ReleaseAsync(RecoveryReleaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Prune();
        if (_kit is not { } kit)
        {
            return new Refusal(RefusalCode.Replayed, "a release to this start of this node", "one to another");
        }

        if (!RecoveryStatements.Parse(request.Statement.Span).TryGet(out var signed, out var refusals)
            || !RecoveryStatements.Verify(signed, request.Delegation.Span, kit, Now, services.Ledger.Fold.Signatures).TryGet(out _, out refusals)
            || !TakeOffer(signed.Statement).TryGet(out var binding, out refusals)
            || !Sealed(signed.Statement, request).TryGet(out var seal, out refusals))
        {
            return refusals;
        }

        if (await WhyNotLostAsync(cancellationToken) is { IsEmpty: false } notLost)
        {
            return notLost;
        }

        var release = new Release(request.Statement, signed.Statement, binding, seal);
        var opened = await OpenAsync(kit, release, cancellationToken);
        if (!opened.TryGet(out var share, out refusals))
        {
            return refusals;
        }

        // Two people of one collaborator are one: the newer release takes the place of the older.
        share.Dispose();
        _releases[signed.Statement.Collaborator] = release;
        if (_releases.Count < kit.Shares.K)
        {
            return new RecoveryTaken([.. _releases.Keys], kit.Shares.K, NoCheckpoint);
        }

        ImmutableArray<Release> all = [.. _releases.Values];
        var restored = await RestoreAsync(kit, all);
        _releases.Clear();
        _offers.Clear();
        return restored.Then<RecoveryTaken>(checkpoint => new RecoveryTaken([.. all.Select(one => one.Statement.Collaborator)], kit.Shares.K, checkpoint));
    }

    private Timestamp Now => Timestamp.From(services.Ledger.Time.GetUtcNow());

    /// <summary>Only a room whose secret nobody can open is recovered: a peer that has it and waits for witnesses has lost nothing.</summary>
    private async Task<ImmutableArray<Refusal>> WhyNotLostAsync(CancellationToken cancellationToken)
    {
        var opened = await services.Keyring.OpenAsync(collaboration, cancellationToken);
        return opened.IsAccepted
            ? [new Refusal(RefusalCode.NotPermitted, "a room whose keys are lost", "one whose keys this node has")]
            : opened.Refusals.All(refusal => refusal.Code is RefusalCode.Unavailable or RefusalCode.SealInvalid) ? [] : opened.Refusals;
    }

    /// <summary>Goes on with a kit. A newer set takes the place of an older, and the releases of that are gone with it.</summary>
    private Result<VerifiedKit> Take(VerifiedKit kit)
    {
        if (Now >= kit.Contract.Expires)
        {
            return new Refusal(RefusalCode.ContractExpired, $"a time before {kit.Contract.Expires}", $"{Now}");
        }

        if (_kit is { } known && kit.Sequence <= known.Sequence)
        {
            return kit.Shares.Set == known.Shares.Set
                ? kit
                : new Refusal(RefusalCode.Stale, $"the set of shares of row {known.Sequence}, which another member has brought", $"that of row {kit.Sequence}");
        }

        _kit = kit;
        _releases.Clear();
        _offers.Clear();
        return kit;
    }

    /// <summary>Returns where the stored log ends, if the log's key says so: a member that has seen more does not release.</summary>
    private async Task<string> StoredCheckpointAsync(VerifiedKit kit, CancellationToken cancellationToken)
    {
        var stored = await services.Ledger.Store.LatestCheckpointAsync(collaboration, cancellationToken);
        return stored is { } latest
            && CheckpointNote.Verify(latest.Note, collaboration, kit.Genesis.CheckpointKey.Span, services.Ledger.Fold.Signatures).IsAccepted
            ? latest.Note
            : NoCheckpoint;
    }

    /// <summary>Takes the offer that a signed release answers. It is gone then, whatever comes of it.</summary>
    private Result<Binding> TakeOffer(RecoveryStatement statement) => _offers.Remove(statement.BindingDigest, out var offer)
        ? offer.Binding
        : new Refusal(RefusalCode.Replayed, "a release to evidence that this start of this node has open", "one to another node, to another start, or the same again");

    private static Result<HpkeCiphertext> Sealed(RecoveryStatement statement, RecoveryReleaseRequest request)
    {
        var seal = new HpkeCiphertext(request.Enc, request.Ciphertext);
        return statement.ReleaseDigest == RecoveryShares.DigestOf(seal)
            ? seal
            : new Refusal(RefusalCode.SignatureInvalid, "the sealed share that the release signs", "another");
    }

    private async Task<Result<CommittedShare>> OpenAsync(VerifiedKit kit, Release release, CancellationToken cancellationToken)
    {
        var statement = release.Statement;
        if (kit.ShareOf(statement.Collaborator) is not { } share)
        {
            return new Refusal(RefusalCode.NotPermitted, "a collaborator with a share of the set", statement.Collaborator);
        }

        var subject = new RecoveryShareSubject
        {
            Collaboration = collaboration,
            ContractDigest = kit.Shares.ContractDigest,
            Set = kit.Shares.Set,
            Collaborator = share.Collaborator,
            Index = share.Index,
        };
        var released = new RecoveryReleaseSubject(subject, statement.Member, statement.BindingDigest);
        return await RecoveryShares.OpenReleasedAsync(services.Backend, services.Node.Keys.Seal, released, share.Commitment, release.Seal, cancellationToken);
    }

    /// <summary>Restores the secret and has it kept when the ledger takes the record of it.</summary>
    private async Task<Result<string>> RestoreAsync(VerifiedKit kit, ImmutableArray<Release> releases)
    {
        var shares = new List<SecretShare>(releases.Length);
        try
        {
            foreach (var release in releases)
            {
                if (!(await OpenAsync(kit, release, CancellationToken.None)).TryGet(out var committed, out var refusals))
                {
                    return refusals;
                }

                using (committed)
                {
                    shares.Add(committed.ToShare(kit.ShareOf(release.Statement.Collaborator)!.Index)); // It was opened by that share.
                }
            }

            if (!SecretSharing.Combine(kit.Shares.K, shares).TryGet(out var secret, out var notCombined))
            {
                return notCombined;
            }

            using (secret)
            {
                return await KeepAsync(kit, secret, releases);
            }
        }
        finally
        {
            shares.ForEach(share => share.Dispose());
        }
    }

    private async Task<Result<string>> KeepAsync(VerifiedKit kit, SecretBytes secret, ImmutableArray<Release> releases)
    {
        var checkpoint = NoCheckpoint;
        var kept = await services.Keyring.RestoreAsync(
            collaboration,
            secret,
            async keys =>
            {
                var recorded = await RecordAsync(kit, keys, releases);
                checkpoint = recorded.IsAccepted ? recorded.Value : NoCheckpoint;
                return recorded.Refusals;
            },
            CancellationToken.None);
        if (!kept.TryGet(out var room, out var refusals))
        {
            return refusals;
        }

        await services.Peers.TellAsync(collaboration, room.Seen, CancellationToken.None);
        return checkpoint;
    }

    /// <summary>Opens the log and writes into it, before anything else, which node this is and who restored it. The fold is the judge of both.</summary>
    private async Task<Result<string>> RecordAsync(VerifiedKit kit, RoomKeys keys, ImmutableArray<Release> releases)
    {
        if (keys.Keys.Sealing.PublicKey != kit.Genesis.SealingKey || keys.Keys.Checkpoint.PublicKey != kit.Genesis.CheckpointKey)
        {
            return new Refusal(RefusalCode.SealInvalid, "shares that make the secret of row 0", "another secret: the set itself was false");
        }

        if (!(await CollaborationLedger.OpenAsync(collaboration, keys, services.Ledger, CancellationToken.None)).TryGet(out var ledger, out var refusals))
        {
            return refusals;
        }

        if (ledger.State.IsTerminated)
        {
            return ledger.State.WhyNotActive(Now)!; // It names the termination.
        }

        var recovery = new Recovery
        {
            Collaboration = collaboration,
            ContractDigest = kit.Shares.ContractDigest,
            Set = kit.Shares.Set,
            Releases = [.. releases.Select(release => new RecoveryRelease { Statement = release.Envelope, Binding = release.Binding })],
        };
        var subject = RoomSubject.Of(ledger.State, ledger.Checkpoint).ToSubject(new Bytes(RandomNumberGenerator.GetBytes(NonceBytes)), BindingPurpose.Room);
        var admission = new NodeAdmission { Collaboration = collaboration, Attestation = await services.Node.AttestAsync(subject, CancellationToken.None) };
        var sign = services.Node.Keys.Sign;
        return (await ledger.AppendAsync(
            [
                (_, _) => EnvelopeSigner.SignAsync(sign, admission, CancellationToken.None),
                (_, _) => EnvelopeSigner.SignAsync(sign, recovery, CancellationToken.None),
            ],
            CancellationToken.None)).Then(_ => Result.Accept(ledger.Checkpoint));
    }

    private void Prune()
    {
        var now = Now;
        foreach (var (digest, offer) in _offers.Where(pair => pair.Value.Ends <= now).ToList())
        {
            _offers.Remove(digest);
        }

        foreach (var collaborator in _releases.Where(pair => pair.Value.Statement.Expires <= now).Select(pair => pair.Key).ToList())
        {
            _releases.Remove(collaborator);
        }
    }

    private sealed record Offer(Binding Binding, Timestamp Ends);

    private sealed record Release(Bytes Envelope, RecoveryStatement Statement, Binding Binding, HpkeCiphertext Seal);
}
