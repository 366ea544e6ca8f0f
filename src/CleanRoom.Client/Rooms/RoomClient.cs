using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Witnesses;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Rooms;

/// <summary>A member in a room: an appraised node, a session, and an own copy of the ledger.</summary>
/// <remarks>
/// By itself, once for each call: signs in again when the session has ended; asks for fresh evidence, appraises it and opens a new
/// channel when the node has restarted; answers as a witness when the room waits for one and this member is one. Every refusal of the
/// room comes back as it is. Not safe for concurrent calls. Spec: contracts/spec/0005, 0006, 0011.
/// </remarks>
public sealed class RoomClient
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private readonly RoomAddress _address;
    private readonly IRoomMemory _memory;
    private RoomRecord _record;
    private RoomLink _link;
    private Digest? _appraisedUnder;
    private VerifiedEndorsement? _endorsement;

    private RoomClient(ClientServices services, RoomAddress address, MemberIdentity member, IRoomMemory memory, RoomRecord record, RoomLink link)
    {
        (Services, _address, Member, _memory, _record, _link) = (services, address, member, memory, record, link);
        Mirror = new LedgerMirror(record.Collaboration, services.Fold);
    }

    /// <summary>Gets who acts.</summary>
    public MemberIdentity Member { get; }

    /// <summary>Gets the verified copy of the ledger, as of the last call that refreshed it.</summary>
    public LedgerMirror Mirror { get; }

    /// <summary>Gets the collaboration's id.</summary>
    public string Collaboration => _record.Collaboration;

    /// <summary>Gets the evidence and appraisal of the node that answers at present.</summary>
    public NodeAnswer Node => _link.Answer;

    /// <summary>Gets the client's parts.</summary>
    public ClientServices Services { get; }

    /// <summary>Gets the state that follows from <see cref="Mirror"/>.</summary>
    public CollaborationState State => Mirror.State;

    /// <summary>Gets a value that says whether this member may read the budget logs of its collaborator.</summary>
    public bool MayReadBudgetLogs => State.MembersOf(Member.Collaborator, Services.Now)
        .Any(member => member.Delegation.Member == Member.Member && member.Has(MemberRole.Owner, MemberRole.Auditor));

    /// <summary>Verifies the room, signs in, and reads and checks the whole ledger.</summary>
    /// <param name="services">The client's parts.</param>
    /// <param name="address">Where the room answers.</param>
    /// <param name="collaboration">The collaboration's id; <paramref name="memory"/> holds its record.</param>
    /// <param name="member">Who acts.</param>
    /// <param name="memory">What earlier calls remembered; updated.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The client, or why the room is not to be trusted, or does not answer.</returns>
    public static async Task<Result<RoomClient>> OpenAsync(
        ClientServices services,
        RoomAddress address,
        string collaboration,
        MemberIdentity member,
        IRoomMemory memory,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(memory);
        if (!(await memory.LoadAsync(collaboration, cancellationToken)).TryGet(out var record, out var refusals)
            || !(await RoomLink.OpenAsync(services, address, record, cancellationToken)).TryGet(out var link, out refusals))
        {
            return refusals;
        }

        var client = new RoomClient(services, address, member, memory, record, link);
        return (await client.ArriveAsync(cancellationToken)).Then(_ => Result.Accept(client));
    }

    /// <summary>Reads the rows that are new, checks and folds them, and remembers the checkpoint.</summary>
    public Task<Result<Checkpoint>> RefreshAsync(CancellationToken cancellationToken) =>
        PatientlyAsync(isRepeatable: true, needsSession: true, () => ReadLedgerAsync(cancellationToken), cancellationToken);

    /// <summary>Asks what the room may do at present.</summary>
    public Task<Result<StatusResponse>> StatusAsync(CancellationToken cancellationToken) =>
        PatientlyAsync(isRepeatable: true, needsSession: false, () => StatusOnceAsync(cancellationToken), cancellationToken);

    /// <summary>Answers as a witness now if the room waits for this member.</summary>
    /// <returns>What the room may do after it.</returns>
    public async Task<Result<StatusResponse>> WitnessAsync(CancellationToken cancellationToken)
    {
        if (!(await RefreshAsync(cancellationToken)).TryGet(out _, out var refusals))
        {
            return refusals;
        }

        return await PatientlyAsync(isRepeatable: true, needsSession: false, () => AnswerAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Signs a statement with the member's key, appends it, and reads the ledger up to it.</summary>
    public async Task<Result<StatementResponse>> AppendAsync(Document statement, CancellationToken cancellationToken) =>
        await AppendAsync(await SignAsync(statement, cancellationToken), cancellationToken);

    /// <summary>Appends a signed statement and reads the ledger up to it. The same statement again changes nothing.</summary>
    public async Task<Result<StatementResponse>> AppendAsync(Envelope statement, CancellationToken cancellationToken)
    {
        var request = ApiRequest.Statement(ApiRoutes.Statements, Collaboration, statement);
        var appended = await CallAsync(request, ApiJsonContext.Default.StatementResponse, cancellationToken);
        if (!appended.TryGet(out _, out var refusals) || !(await RefreshAsync(cancellationToken)).TryGet(out _, out refusals))
        {
            return refusals;
        }

        // The node's word that it has appended is not enough.
        return State.Seen.Contains(LedgerFold.StatementIdentity(statement))
            ? appended
            : new Refusal(RefusalCode.RowInvalid, "a ledger that holds the statement which the node says it appended", "one without it");
    }

    /// <summary>Takes something back, in words for the other collaborators.</summary>
    internal Task<Result<StatementResponse>> RevokeAsync(RevocationKind kind, string subject, string reason, CancellationToken cancellationToken) => AppendAsync(
        new Revocation { Collaboration = Collaboration, Kind = kind, Subject = subject, Reason = reason, Nonce = Nonces.Fresh() }, cancellationToken);

    /// <summary>Signs a statement with the member's key.</summary>
    internal ValueTask<Envelope> SignAsync(Document statement, CancellationToken cancellationToken) =>
        EnvelopeSigner.SignAsync(Member.Keys.Sign, statement, cancellationToken);

    /// <summary>Gets what the client remembers.</summary>
    internal IRoomMemory Memory => _memory;

    internal Task<Result<T>> CallAsync<T>(ApiRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        PatientlyAsync(request.IsRepeatable, request.NeedsSession, () => _link.CallAsync(request, type, cancellationToken), cancellationToken);

    /// <summary>Reads the whole log behind a path.</summary>
    internal Task<Result<RowsRead>> CallRowsAsync(string path, CancellationToken cancellationToken) =>
        PatientlyAsync(isRepeatable: true, needsSession: true, () => LedgerReader.ReadPathAsync(_link, path, from: 0, cancellationToken), cancellationToken);

    internal Task<Result<RoomReply>> SendAsync(ApiRequest request, CancellationToken cancellationToken) =>
        PatientlyAsync(request.IsRepeatable, request.NeedsSession, () => _link.SendAsync(request, cancellationToken), cancellationToken);

    /// <summary>Returns who seals datasets under a contract of this ledger.</summary>
    internal UploadOwner OwnerOf(ContractState contract) => new(Services.Backend, Collaboration, contract.Contract, Member);

    /// <summary>Returns an address outside the channel.</summary>
    internal Uri AddressOf(string path) => _address.At(path);

    /// <summary>Asks, and asks again while the room does not answer or is out of order at present, as long as <see cref="ClientServices.Patience"/> says.</summary>
    private async Task<Result<T>> PatientlyAsync<T>(
        bool isRepeatable, bool needsSession, Func<Task<Result<T>>> attempt, CancellationToken cancellationToken)
        where T : notnull
    {
        var began = Services.Time.GetTimestamp();
        while (true)
        {
            var result = await RemedyAsync(needsSession, attempt, cancellationToken);
            if (result.IsAccepted || !isRepeatable || !IsPassing(result.Refusals[0].Code) || Services.Time.GetElapsedTime(began) >= Services.Patience)
            {
                return result;
            }

            await Task.Delay(_pause, Services.Time, cancellationToken);
        }
    }

    private static bool IsPassing(RefusalCode code) =>
        code is RefusalCode.Unavailable or RefusalCode.ReadOnly or RefusalCode.StorageFailed or RefusalCode.ClockWrong or RefusalCode.SequenceConflict or RefusalCode.TooManyRequests;

    /// <summary>Tries, and applies each remedy at most once: whatever the node answers, a call comes to an end.</summary>
    private async Task<Result<T>> RemedyAsync<T>(bool needsSession, Func<Task<Result<T>>> attempt, CancellationToken cancellationToken)
        where T : notnull
    {
        bool hasReconnected = false, hasSignedIn = false, hasWitnessed = false;
        while (true)
        {
            if (needsSession && !_link.HasSession)
            {
                hasSignedIn = true;
                var signedIn = await _link.SignInAsync(Collaboration, Member, cancellationToken);
                if (!signedIn.IsAccepted && !_link.IsForgotten)
                {
                    return signedIn.Refusals;
                }
            }

            var result = _link.IsForgotten ? Network.Unavailable(_address.At("/"), "a node that has restarted") : await attempt();
            if (result.IsAccepted)
            {
                return result;
            }

            var code = result.Refusals[0].Code;
            if (_link.IsForgotten && !hasReconnected)
            {
                hasReconnected = true;
                if (!(await ReconnectAsync(cancellationToken)).TryGet(out _, out var refusals))
                {
                    return refusals;
                }
            }
            else if (needsSession && !hasSignedIn && code is RefusalCode.NotPermitted or RefusalCode.Stale)
            {
                // The codes do not tell a session that ended from a right that is missing: the second answer does.
                _link.EndSession();
            }
            else if (code == RefusalCode.ReadOnly && !hasWitnessed)
            {
                hasWitnessed = true;
                if (!(await AnswerAsync(cancellationToken)).IsAccepted)
                {
                    return result;
                }
            }
            else
            {
                return result;
            }
        }
    }

    /// <summary>A node that restarted has new keys: everything about it is verified anew.</summary>
    private async Task<Result<Checkpoint>> ReconnectAsync(CancellationToken cancellationToken)
    {
        if (!(await RoomLink.OpenAsync(Services, _address, _record, cancellationToken)).TryGet(out var link, out var refusals))
        {
            return refusals;
        }

        (_link, _appraisedUnder) = (link, null);
        return await ArriveAsync(cancellationToken);
    }

    private async Task<Result<Checkpoint>> ArriveAsync(CancellationToken cancellationToken)
    {
        var read = (await _link.SignInAsync(Collaboration, Member, cancellationToken)).TryGet(out _, out var refusals)
            ? await ReadLedgerAsync(cancellationToken)
            : refusals;
        return read.IsAccepted ? (await AnswerAsync(cancellationToken)).Then(_ => read) : read;
    }

    private async Task<Result<Checkpoint>> ReadLedgerAsync(CancellationToken cancellationToken)
    {
        if (!(await LedgerReader.ReadAsync(_link, Collaboration, Mirror.Rows.Count, cancellationToken)).TryGet(out var read, out var refusals))
        {
            return refusals;
        }

        var binding = _link.Answer.Attestation.Binding;
        ImmutableArray<string> seen = [.. SeenNotes(binding)];
        var extended = Mirror.Extend(read.Rows, read.Note, seen);
        if (!extended.IsAccepted)
        {
            await AccuseAsync(extended.Refusals[0], cancellationToken);
            return extended;
        }

        if (WhyNodeUnfit(binding) is { IsEmpty: false } unfit)
        {
            return unfit;
        }

        var next = _record with
        {
            Contract = Mirror.Contract!.Contract,
            CollaborationKey = State.Genesis!.SealingKey,
            CheckpointKey = State.Genesis.CheckpointKey,
            Checkpoint = Mirror.Note,
        };

        // A client that waits reads every few moments: what has not changed is durable already.
        if (next != _record)
        {
            if (await _memory.SaveAsync(next, cancellationToken) is { } notKept)
            {
                return notKept;
            }

            _record = next;
        }

        return extended;
    }

    private IEnumerable<string> SeenNotes(Binding binding)
    {
        if (_record.Checkpoint is { } remembered)
        {
            yield return remembered;
        }

        if (binding.Checkpoint != ExpectedBinding.None)
        {
            yield return binding.Checkpoint;
        }
    }

    /// <summary>Compares the node with the ledger that it served: keys, contract, and the policy of the contract in force.</summary>
    private ImmutableArray<Refusal> WhyNodeUnfit(Binding binding)
    {
        var genesis = State.Genesis!;
        if (binding.CollaborationKey != genesis.SealingKey || binding.CheckpointKey != genesis.CheckpointKey)
        {
            return [new(RefusalCode.BindingMismatch, "the keys of row 0 in the node's evidence", "others")];
        }

        var known = DocumentCodec.DigestOf(_record.Contract);
        if (!State.Contracts.ContainsKey(known) || Mirror.Contract is not { } contract)
        {
            return [new(RefusalCode.ContractConflict, $"a ledger with the contract that this member was shown, {known.Abbreviated}", "a ledger without it")];
        }

        if (binding.ContractDigest is not { } bound || !State.Contracts.TryGetValue(bound, out var boundContract)
            || (boundContract.ActiveFrom is null && bound != genesis.ContractDigest))
        {
            return [new(RefusalCode.BindingMismatch, "evidence that names a contract which all have signed", "evidence that names another")];
        }

        // What came with the evidence opened the channel; from here on the ledger says which code is endorsed, and until when.
        if (_appraisedUnder != contract.Digest || _endorsement?.IsInForce(Services.Now) == false)
        {
            if (!Node.AppraiseUnder(contract.Contract, State.EndorsementsOf(contract.Digest)).TryGet(out var appraised, out var refusals))
            {
                return refusals;
            }

            (_appraisedUnder, _endorsement) = (contract.Digest, appraised.Endorsements.FirstOrDefault());
        }

        return Node.Node.Value.Measurement is var measurement && State.RevokedMeasurements.Contains(measurement)
            ? [new(RefusalCode.Revoked, "a node whose measurement stands", $"measurement {measurement}")]
            : [];
    }

    private Task<Result<StatusResponse>> StatusOnceAsync(CancellationToken cancellationToken) => _link.CallAsync(
        ApiRequest.Status(Collaboration), ApiJsonContext.Default.StatusResponse, cancellationToken);

    /// <summary>Answers the node's question if it waits for this member's collaborator and this member may answer.</summary>
    private async Task<Result<StatusResponse>> AnswerAsync(CancellationToken cancellationToken)
    {
        var status = await StatusOnceAsync(cancellationToken);
        return status.IsAccepted && IsAsked(status.Value)
            ? await SendWitnessAsync(status.Value, Mirror.Note, cancellationToken)
            : status;
    }

    private bool IsAsked(StatusResponse status) =>
        status.Mode == RoomMode.AwaitingWitnesses
        && status.MissingWitnesses.Contains(Member.Collaborator)
        && State.MembersOf(Member.Collaborator, Services.Now).Any(member =>
            member.Delegation.Member == Member.Member
            && member.Delegation.WitnessKey == Member.Keys.Witness.PublicKey
            && member.Has(MemberRole.Owner, MemberRole.Auditor));

    /// <summary>
    /// Shows a node that rolled back or forked the checkpoint that it cannot hold: such a node stops the room by itself. Its answer changes
    /// nothing here, the refusal stands.
    /// </summary>
    private async Task AccuseAsync(Refusal refusal, CancellationToken cancellationToken)
    {
        if (refusal.Code == RefusalCode.CheckpointInconsistent
            && _record.Checkpoint is { } remembered
            && (await StatusOnceAsync(cancellationToken)).TryGet(out var status, out _))
        {
            await SendWitnessAsync(status, remembered, cancellationToken);
        }
    }

    private async Task<Result<StatusResponse>> SendWitnessAsync(StatusResponse status, string note, CancellationToken cancellationToken)
    {
        var answer = await FreshnessAnswer.MakeAsync(Member, Collaboration, status.BootNonce, note, Services.Now, cancellationToken);
        var request = ApiRequest.Post(ApiPaths.Of(ApiRoutes.Witness, Collaboration), answer, ApiJsonContext.Default.WitnessRequest);
        return await _link.CallAsync(request with { NeedsSession = false }, ApiJsonContext.Default.StatusResponse, cancellationToken);
    }
}
