using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Ledger;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Grains.Collaboration;

/// <summary>The logic of <see cref="CollaborationGrain"/> without a silo: one open log, and what may be appended to it when.</summary>
/// <remarks>Not safe for concurrent calls.</remarks>
public sealed partial class CollaborationRoom
{
    private const int MaxPageRows = 256;
    private const int NonceBytes = 32;

    /// <summary>A result and its receipt are one append, the newest when the counter was not raised for it.</summary>
    private const int ResultRows = 2;

    private readonly RoomServices _services;
    private readonly RoomKeys _keys;
    private readonly CollaborationLedger _ledger;
    private readonly Dictionary<Digest, Refusal> _notBooked = [];

    private CollaborationRoom(RoomServices services, RoomKeys keys, CollaborationLedger ledger) =>
        (_services, _keys, _ledger) = (services, keys, ledger);

    /// <summary>Gets the state after the newest row.</summary>
    public CollaborationState State => _ledger.State;

    /// <summary>Gets the time by which is judged what may be done: never before the newest row's, whatever this silo's clock says.</summary>
    public Timestamp Now => _ledger.Now is var now && now < State.Log.LastTime ? State.Log.LastTime : now;

    /// <summary>Opens an existing collaboration.</summary>
    public static async Task<Result<CollaborationRoom>> OpenAsync(string collaboration, RoomServices services, CancellationToken cancellationToken)
    {
        if (!(await services.Keyring.OpenAsync(collaboration, cancellationToken)).TryGet(out var keys, out var locked))
        {
            return locked;
        }

        var vouches = await keys.AskAsync(services.Peers, collaboration, cancellationToken);
        var opened = await CollaborationLedger.OpenAsync(collaboration, keys, services.Ledger, cancellationToken);
        if (!opened.TryGet(out var ledger, out var damaged))
        {
            return damaged;
        }

        if (FreshnessGate.WhyForked(ledger.State, vouches) is { } forked)
        {
            keys.Halted ??= forked;
            return forked;
        }

        if (ledger.State.IsTerminated)
        {
            // The row was durable and the deletion after it was not: it is made up for here.
            await services.Keyring.DestroyAsync(collaboration, RoomSubject.Of(ledger.State, ledger.Checkpoint), cancellationToken);
            if (CounterGate.IsWanted(ledger.State))
            {
                await services.Ledger.Counter.DeleteAsync(collaboration, cancellationToken);
            }

            return ledger.State.WhyNotActive(ledger.Now)!; // It names the termination.
        }

        keys.IsFresh = keys.IsFresh || FreshnessGate.IsProven(ledger.State, keys);
        await ledger.AskCounterAsync(cancellationToken);
        return new CollaborationRoom(services, keys, ledger);
    }

    /// <summary>Starts a collaboration: row 0, the delegations, the first contract, all or nothing.</summary>
    public static async Task<Result<CollaborationRoom>> CreateAsync(
        string collaboration, Envelope genesis, ImmutableArray<Envelope> envelopes, RoomServices services, CancellationToken cancellationToken)
    {
        if (!(await services.Keyring.OpenAsync(collaboration, cancellationToken)).TryGet(out var keys, out var locked))
        {
            return locked;
        }

        var room = new CollaborationRoom(services, keys, CollaborationLedger.New(collaboration, keys, services.Ledger));
        return (await room._ledger.AppendAsync(
            [.. envelopes.Prepend(genesis).Select(e => (Func<CollaborationState, long, ValueTask<Envelope>>)((_, _) => ValueTask.FromResult(e)))],
            cancellationToken)).Then(_ => Result.Accept(room));
    }

    /// <summary>Asks the machine's counter again, where the contract wants one and it did not stand for the log: a TPM may have been busy.</summary>
    public Task AskAgainAsync(CancellationToken cancellationToken) => _keys.IsFresh ? Task.CompletedTask : _ledger.AskCounterAsync(cancellationToken);

    /// <summary>Appends a member's statement. The same statement again answers with the row that it has.</summary>
    public async Task<Result<Appended>> AppendAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        if (await RefuseWritingAsync(cancellationToken) is { } refusal && !FreshnessGate.MayBringWitness(State, envelope, refusal))
        {
            return refusal;
        }

        if (_ledger.Find(LedgerFold.StatementIdentity(envelope)) is { } sequence)
        {
            return new Appended(sequence, _ledger.Checkpoint);
        }

        return await AppendAsync([(_, _) => ValueTask.FromResult(envelope)], cancellationToken);
    }

    /// <summary>Appends a query with the verdict on it, unless the verdict refuses.</summary>
    public async Task<Result<Submitted>> SubmitAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        if (await RefuseWritingAsync(cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (!DocumentCodec.Parse<Query>(envelope.Payload.Span).TryGet(out var query, out var invalid))
        {
            return invalid;
        }

        if (State.WhyNotActive(Now) is { } inactive)
        {
            return inactive;
        }

        var active = State.Active!;
        var analysis = await _services.Analyzer.AnalyzeAsync(active.Contract, active.Digest, RunPlanning.RequestOf(query), cancellationToken);
        var verdict = analysis.Verdict;
        if (verdict.Decision == VerdictDecision.Refuse)
        {
            return new Refusal(RefusalCode.QueryRefused, "a query that every owner's rules allow", string.Join(", ", verdict.Codes));
        }

        var digest = DocumentCodec.DigestOf(verdict);
        if (_ledger.Find(LedgerFold.StatementIdentity(envelope)) is { } known)
        {
            return new Submitted(envelope.PayloadDigest.ToString(), DocumentCodec.Encode(verdict), new Appended(known, _ledger.Checkpoint));
        }

        var statements = ImmutableArray.Create<Func<CollaborationState, long, ValueTask<Envelope>>>((_, _) => ValueTask.FromResult(envelope));
        if (!State.Verdicts.ContainsKey(digest))
        {
            statements = statements.Add((_, _) => EnvelopeSigner.SignAsync(_services.Node.Keys.Sign, verdict, cancellationToken));
        }

        if (RunPlanning.WhyInputsDiffer(query, verdict) is { } differ)
        {
            return differ;
        }

        return (await AppendAsync(statements, cancellationToken))
            .Then(appended => Result.Accept(new Submitted(envelope.PayloadDigest.ToString(), DocumentCodec.Encode(verdict), appended)));
    }

    /// <summary>Analyses a query without appending it.</summary>
    public async Task<Result<Explained>> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken)
    {
        if (State.Active is not { } active)
        {
            return State.WhyNotActive(Now)!;
        }

        if (!RunPlanning.RequestOf(request).TryGet(out var analysisRequest, out var invalid))
        {
            return invalid;
        }

        var analysis = await _services.Analyzer.AnalyzeAsync(active.Contract, active.Digest, analysisRequest, cancellationToken);
        return new Explained(DocumentCodec.Encode(analysis.Verdict), StateCodes.Of(State, analysis.Verdict, Now));
    }

    /// <summary>Appends a statement that this node makes.</summary>
    public async Task<Result<Appended>> AppendAsNodeAsync(Document document, CancellationToken cancellationToken) =>
        await RefuseWritingAsync(cancellationToken) is { } refusal
            ? refusal
            : await AppendAsync([(_, _) => EnvelopeSigner.SignAsync(_services.Node.Keys.Sign, document, cancellationToken)], cancellationToken);

    /// <summary>Appends a result and the receipt that follows from it, as one.</summary>
    public async Task<Result<Appended>> CommitAsync(RunResult result, CancellationToken cancellationToken)
    {
        if (await RefuseWritingAsync(cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var sign = _services.Node.Keys.Sign;
        return await AppendAsync(
            [
                (_, _) => EnvelopeSigner.SignAsync(sign, result, cancellationToken),
                (state, _) =>
                {
                    var query = state.Queries[result.QueryDigest];
                    var run = query.Runs.Single(r => r.ChargeSequence == result.ChargeSequence);
                    var attestation = state.Nodes[KeyId.Of(sign.PublicKey.Span)].Attestation;
                    return EnvelopeSigner.SignAsync(sign, ReceiptContent.For(query, run, attestation), cancellationToken);
                },
            ],
            cancellationToken);
    }

    /// <summary>Charges a run unless one is open, and says all that the run needs.</summary>
    /// <param name="queryDigest">The query.</param>
    /// <param name="mayRunAgain">The author asked for another run; without that an ended run is not followed by a second charge.</param>
    /// <param name="cancellationToken">Stops before the charge.</param>
    public async Task<Result<RunAssignment>> BeginRunAsync(Digest queryDigest, bool mayRunAgain, CancellationToken cancellationToken)
    {
        if (!State.FindQuery(queryDigest).TryGet(out var query, out var unknown))
        {
            return unknown;
        }

        if (query.Runs is [.., { IsEnded: true }] && !mayRunAgain)
        {
            return new Refusal(RefusalCode.QueryNotApproved, "a run that has not ended", $"{query.Runs.Length} ended run(s)");
        }

        // An open run too: of a log that was cut, its query may have been revoked since.
        if (await RefuseWritingAsync(cancellationToken) is { } readOnly)
        {
            return readOnly;
        }

        if (query.Runs is not [.., { IsEnded: false }])
        {
            if (RunPlanning.NextCharge(State, query, Now) is not { } charge)
            {
                return new Refusal(RefusalCode.QueryNotApproved, "a verdict with all approvals", "none");
            }

            if (!(await BookAsync(charge, query.Query, cancellationToken)).TryGet(out var booked, out var notBooked))
            {
                HaltOn(notBooked[0]);
                _notBooked[queryDigest] = notBooked[0];
                return notBooked;
            }

            var appended = await AppendAsNodeAsync(booked, cancellationToken);
            if (!appended.IsAccepted)
            {
                return appended.Refusals;
            }
        }

        return RunPlanning.Assign(State, State.Queries[queryDigest], Now);
    }

    /// <summary>Says why an approved query does not run: a budget of this ledger, or of an owner's over all its collaborations, is spent.</summary>
    private Refusal? WhyNotBegun(QueryState query) => RunPlanning.NextCharge(State, query, Now) is { } charge
        ? ChargeRules.WhyNotCharged(State, charge, Now) ?? _notBooked.GetValueOrDefault(query.Digest)
        : null;

    /// <summary>Books a charge in the owners' budget logs, once this ledger would take it: a charge that it refuses would be spent there for nothing.</summary>
    private async Task<Result<Charge>> BookAsync(Charge charge, Query query, CancellationToken cancellationToken)
    {
        if (ChargeRules.WhyNotCharged(State, charge, Now) is { } refusal)
        {
            return refusal;
        }

        var costs = OwnerCost.Of(State, query, charge.Costs);
        var proofs = new Dictionary<string, BudgetProof>(StringComparer.Ordinal);
        foreach (var cost in costs.OrderBy(cost => cost.LogName, StringComparer.Ordinal))
        {
            var run = new BookedRun(State.Collaboration, charge.QueryDigest, charge.Run);
            var booked = await _services.Budgets.BookAsync(run, cost, State.BudgetLogs.GetValueOrDefault(cost.LogName), cancellationToken);
            if (!booked.TryGet(out var proof, out var refusals))
            {
                return refusals;
            }

            proofs[cost.LogName] = proof;
        }

        return charge with { BudgetLogs = [.. costs.Select(cost => proofs[cost.LogName])] };
    }

    /// <summary>Says all that taking in a dataset needs.</summary>
    public Result<IngestAssignment> BeginIngest(Digest manifestDigest) => RunPlanning.AssignIngest(State, manifestDigest, Now);

    /// <summary>Reads rows in order.</summary>
    public async Task<LedgerPage> ReadAsync(long from, int count, CancellationToken cancellationToken)
    {
        var rows = PageOf(from, count).Select(RowCodec.Encode);
        return new LedgerPage([.. rows], State.Log.Size, await _ledger.CosignedCheckpointAsync(cancellationToken));
    }

    private IEnumerable<LedgerRow> PageOf(long from, int count) =>
        _ledger.Rows.Skip((int)Math.Clamp(from, 0, State.Log.Size)).Take(Math.Clamp(count, 0, MaxPageRows));

    /// <summary>Says what the room may do at present.</summary>
    public RoomStatus Status()
    {
        var missing = MissingWitnesses();
        var (mode, reason) = _keys switch
        {
            { Halted: { } halted } => (RoomMode.Halted, halted.ToString()),
            { IsFresh: false } => (RoomMode.AwaitingWitnesses, $"waiting for {FreshnessGate.Proof(_keys, missing)}"),
            _ => (RoomMode.Active, string.Empty),
        };
        return new RoomStatus(mode, reason, _keys.BootNonce.ToArray(), missing, _ledger.Checkpoint);
    }

    /// <summary>Gets a value that says whether statements are taken at present.</summary>
    public bool IsWritable => _keys is { Halted: null, IsFresh: true } && !State.IsTerminated;

    /// <summary>Says whether a collaborator may upload a version of a dataset now, and what is kept for the room.</summary>
    public Result<RoomStorage> MayUpload(string collaborator, string dataset)
    {
        if (State.WhyNotActive(Now) is { } inactive)
        {
            return inactive;
        }

        return State.Active!.FindDataset(dataset)?.Owner == collaborator
            ? RoomStorage.Of(State)
            : new Refusal(RefusalCode.DatasetUnknown, $"a dataset that {collaborator} owns", dataset);
    }

    /// <summary>Says whether a collaborator owns a dataset version.</summary>
    public Result<string> MayReadReport(string collaborator, Digest manifestDigest) =>
        State.Datasets.TryGetValue(manifestDigest, out var dataset) && dataset.Owner == collaborator
            ? collaborator
            : new Refusal(RefusalCode.DatasetUnknown, $"a dataset version that {collaborator} owns", manifestDigest.Abbreviated);

    /// <summary>Returns the encoded ingest statement of a dataset version; empty while there is none.</summary>
    public byte[] IngestOf(Digest manifestDigest) =>
        State.Datasets.GetValueOrDefault(manifestDigest)?.Ingest is { } ingest ? DocumentCodec.Encode(ingest) : [];

    /// <summary>Says where a query stands.</summary>
    public Result<QueryView> ViewOf(Digest queryDigest)
    {
        if (!State.FindQuery(queryDigest).TryGet(out var query, out var unknown))
        {
            return unknown;
        }

        var status = QueryStatuses.StatusOf(State, query, Now);
        var newest = query.Runs.IsEmpty ? null : query.Runs[^1];
        var isServed = IsWritable && newest?.Result is not null && QueryRules.WhyNotServed(State, query, newest, Now) is null;
        return new QueryView
        {
            Status = status,
            Reason = newest?.Failure?.CorrelationId
                ?? (QueryRules.WhyEnded(State, query, Now) ?? (status == QueryStatus.Approved ? WhyNotBegun(query) : null))?.ToString()
                ?? string.Empty,
            ResultName = isServed ? newest!.Result!.Blob.Name : null,
            Withheld = newest?.Result is null || IsWritable || State.IsTerminated ? null : (_keys.Halted ?? FreshnessGate.NotFresh(_keys, MissingWitnesses())).ToGrain(),
            MayRunAgain = newest is { IsEnded: true } && query.Runs.Length < QueryRules.AllowedRuns(query) && QueryRules.WhyEnded(State, query, Now) is null,
            Author = new SignedIn(query.Author.Collaborator, query.Author.Member),
        };
    }

    /// <summary>Names the member that a sign-in is by. The document binds the channel, so it is worth nothing in another.</summary>
    public Result<SignedIn> SignIn(Envelope envelope, Bytes challenge, Digest bindingDigest)
    {
        if (envelope.Signatures is not [var signature] || !State.Members.TryGetValue(signature.KeyId, out var member))
        {
            return new Refusal(RefusalCode.SignatureUnknownKey, "one signature by a delegated member", $"{envelope.Signatures.Length} signature(s), no such member");
        }

        if (member.WhyNotValid(Now) is { } invalid)
        {
            return invalid;
        }

        if (State.Active?.IsMember(member) == false)
        {
            return new Refusal(RefusalCode.NotPermitted, "a member of a collaborator of the contract in force", member.Name);
        }

        var expected = new SignIn
        {
            Collaboration = State.Collaboration,
            Collaborator = member.Delegation.Collaborator,
            Member = member.Delegation.Member,
            BindingDigest = bindingDigest,
            Challenge = challenge,
        };
        if (envelope.PayloadType != DocumentCodec.PayloadTypeOf(expected) || !envelope.Payload.Span.SequenceEqual(DocumentCodec.Encode(expected)))
        {
            return new Refusal(RefusalCode.SignatureInvalid, "a sign-in to this collaboration, channel and challenge", "another");
        }

        return EnvelopeVerifier.Verify(envelope, signature, member.Delegation.Sign, _services.Ledger.Fold.Signatures)
            .Then(_ => Result.Accept(new SignedIn(expected.Collaborator, expected.Member)));
    }

    /// <summary>Takes a witness's answer for this start. It is kept as a cosignature too.</summary>
    public async Task<Result<RoomStatus>> WitnessAsync(FreshnessWitness witness, byte[] signature, CancellationToken cancellationToken)
    {
        if (FreshnessGate.Take(State, _keys, witness, signature, _services.Ledger.Fold.Signatures, Now) is { } refusal)
        {
            HaltOn(refusal);
            return refusal;
        }

        _keys.Witnessed[witness.Collaborator] = Now;
        await _ledger.KeepCosignatureAsync($"{witness.Collaborator}/{witness.Member}", witness.Checkpoint, cancellationToken);
        if (FreshnessGate.IsProven(State, _keys))
        {
            _keys.IsFresh = true;
            if (await AdmitNodeAsync(cancellationToken) is { } notAdmitted)
            {
                return notAdmitted;
            }
        }

        return Status();
    }

    /// <summary>Gets what a node's evidence for this collaboration is bound to.</summary>
    public RoomSubject Subject => RoomSubject.Of(State, _ledger.Checkpoint);

    /// <summary>Says why a page is not served; null when they are.</summary>
    /// <remarks>A result that the counter does not stand for may be cut off again, and its receiver would have had the answer: the wraps are in the row.</remarks>
    public Refusal? WhyNotRead(long from, int count) => !_keys.IsFresh && CounterGate.IsWanted(State)
        && PageOf(from, count).TakeLast(ResultRows).Any(row => row.Sequence >= State.Log.Size - ResultRows
            && DocumentCodec.Parse<RunResult>(row.Envelope.Payload.Span).IsAccepted)
            ? FreshnessGate.NotFresh(_keys, [])
            : null;

    private ImmutableArray<string> MissingWitnesses() => FreshnessGate.Missing(State, _keys);

    /// <summary>A node that started anew shows its evidence in the ledger before it writes anything else.</summary>
    private async Task<Refusal?> AdmitNodeAsync(CancellationToken cancellationToken)
    {
        if (State.ActiveOrFounding is null || State.IsTerminated || State.Nodes.ContainsKey(KeyId.Of(_services.Node.Keys.Sign.PublicKey.Span)))
        {
            return null;
        }

        var nonce = new Bytes(RandomNumberGenerator.GetBytes(NonceBytes));
        var admission = new NodeAdmission
        {
            Collaboration = State.Collaboration,
            Attestation = await _services.Node.AttestAsync(Subject.ToSubject(nonce, BindingPurpose.Room), cancellationToken),
        };
        var envelope = await EnvelopeSigner.SignAsync(_services.Node.Keys.Sign, admission, cancellationToken);
        var appended = await _ledger.AppendAsync([(_, _) => ValueTask.FromResult(envelope)], cancellationToken);
        if (appended.IsAccepted)
        {
            return null;
        }

        HaltOn(appended.Refusals[0]);
        return appended.Refusals[0];
    }

    private async Task<Refusal?> RefuseWritingAsync(CancellationToken cancellationToken)
    {
        if (_keys.Halted is { } halted)
        {
            return halted;
        }

        await AskAgainAsync(cancellationToken);
        return _keys.IsFresh ? await AdmitNodeAsync(cancellationToken) : FreshnessGate.NotFresh(_keys, MissingWitnesses());
    }

    private async Task<Result<Appended>> AppendAsync(
        ImmutableArray<Func<CollaborationState, long, ValueTask<Envelope>>> statements, CancellationToken cancellationToken)
    {
        var first = State.Log.Size;
        var appended = await _ledger.AppendAsync(statements, cancellationToken);
        if (!appended.TryGet(out var state, out var refusals))
        {
            HaltOn(refusals[0]);
            return refusals;
        }

        if (state.IsTerminated)
        {
            await _services.Keyring.DestroyAsync(state.Collaboration, Subject, cancellationToken);
        }
        else
        {
            await ShareAsync(cancellationToken);
        }

        return new Appended(first, _ledger.Checkpoint);
    }

    /// <summary>Only a validly signed checkpoint that this log does not hold stops the room; junk never does.</summary>
    private void HaltOn(Refusal refusal)
    {
        if (refusal.Code == RefusalCode.CheckpointInconsistent)
        {
            _keys.Halted = refusal;
        }
    }
}
