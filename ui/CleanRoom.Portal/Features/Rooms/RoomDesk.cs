using System.Collections.Immutable;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Members;
using CleanRoom.Client.Rooms;
using CleanRoom.Portal.Browser;
using CleanRoom.Portal.Features.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Portal.Features.Rooms;

/// <summary>The room that this page looks at: where it is, what is known of it, what the last appraisal found, and who acts in it.</summary>
/// <remarks>The feature store of every page. One page, one thread; a page subscribes to <see cref="Changed"/>.</remarks>
internal sealed class RoomDesk(ClientServices services, BrowserStore store, BrowserRoomMemory memory, KeyChain keys) : IDisposable
{
    private const string LastAddress = "address";
    private const string LastRoom = "room";
    private const string LastActor = "actor";
    private const int DelegationDays = 365;

    private readonly SemaphoreSlim _alone = new(1, 1);
    private bool _isRestored;

    /// <summary>Happens when anything here is another.</summary>
    public event Action? Changed;

    /// <summary>Gets where the room answers; null before one was named.</summary>
    public RoomAddress? Address { get; private set; }

    /// <summary>Gets what is known of the collaboration; null while only a node is looked at.</summary>
    public RoomRecord? Record { get; private set; }

    /// <summary>Gets what the last question found; null before one was asked.</summary>
    public Appraisal? Appraisal { get; private set; }

    /// <summary>Gets a value that says whether a question is under way.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Gets the open room; null while nobody has signed in.</summary>
    public RoomClient? Room { get; private set; }

    /// <summary>Gets who acts; null while nobody does.</summary>
    public KeyFacts? Actor { get; private set; }

    /// <summary>Gets the colour for the badge.</summary>
    public RoomLight Light => Appraisal?.Light ?? RoomLight.None;

    /// <summary>Gets the words of the badge.</summary>
    public string BadgeKey => Appraisal?.BadgeKey ?? "badge.none";

    /// <summary>Gets the client's clock.</summary>
    public Timestamp Now => Timestamp.From(services.Time.GetUtcNow());

    /// <summary>Gets the actor's standing in the ledger; null before the ledger has a delegation of its key.</summary>
    public MemberState? Standing => Actor is null || Room is null
        ? null
        : Room.State.Members.Values.FirstOrDefault(member => member.Delegation.Sign.PublicKey == Actor.Sign);

    /// <summary>Looks again at the room of the last visit, once.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (_isRestored)
        {
            return;
        }

        _isRestored = true;
        if (!RoomAddress.Parse(await store.ReadAsync(LastAddress, cancellationToken)).TryGet(out var address, out _))
        {
            return;
        }

        Address = address;
        if (await store.ReadAsync(LastRoom, cancellationToken) is { Length: > 0 } room
            && (await memory.LoadAsync(room, cancellationToken)).TryGet(out var record, out _))
        {
            Record = record;
        }

        if (await store.ReadAsync(LastActor, cancellationToken) is { Length: > 0 } actor)
        {
            Actor = (await keys.ListAsync(cancellationToken)).FirstOrDefault(known => known.Id == actor && known.Member is not null);
        }

        await VerifyAsync(cancellationToken);
        // A passkey asks its person: that is for the person to begin.
        if (Actor is { Passkey: null } && Record is not null && Light is RoomLight.Green or RoomLight.Amber)
        {
            await SignInAsync(Actor!, cancellationToken);
        }
    }

    /// <summary>Turns to a node, and asks it who it is. Nothing is opened on the strength of the answer.</summary>
    public async Task<Result<Appraisal>> LookAtAsync(string url, CancellationToken cancellationToken)
    {
        if (!RoomAddress.Parse(url).TryGet(out var address, out var refusals))
        {
            return refusals;
        }

        Leave();
        (Address, Record) = (address, await KnownAtAsync(address, cancellationToken));
        await RememberAsync(cancellationToken);
        return await VerifyAsync(cancellationToken);
    }

    /// <summary>Takes an invitation: asks the node under the invitation's contract, and remembers the room when every check holds.</summary>
    public async Task<Result<Appraisal>> JoinAsync(Invitation invitation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        Leave();
        var known = await memory.LoadAsync(invitation.Record.Collaboration, cancellationToken);

        // A contract that was only ever shown, and that no ledger has confirmed, gives way to what is shown now.
        (Address, Record) = (invitation.Address, known is { IsAccepted: true, Value.IsKnown: true } ? known.Value : invitation.Record);
        var appraised = await VerifyAsync(cancellationToken);
        if (!appraised.IsAccepted || appraised.Value.Light == RoomLight.Red)
        {
            // What does not pass is not joined: only what was found stays to be looked at.
            Record = null;
            Tell();
            return appraised.IsAccepted
                ? ImmutableArray.CreateRange(appraised.Value.Evidence!.Result.Failures, failure => failure.ToRefusal()) // Red with an answer has failures.
                : appraised;
        }

        if (await memory.SaveAsync(Record, cancellationToken) is { } notKept)
        {
            return notKept;
        }

        await store.WriteAddressAsync(Record.Collaboration, Address.ToString(), cancellationToken);
        await RememberAsync(cancellationToken);
        return appraised;
    }

    /// <summary>Asks afresh, with a new nonce.</summary>
    /// <returns>What was found, also when checks failed; or why nothing could be judged.</returns>
    public async Task<Result<Appraisal>> VerifyAsync(CancellationToken cancellationToken)
    {
        if (Address is not { } address)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "the address of a room", "none");
        }

        IsAsking = true;
        Tell();
        try
        {
            var asked = Record is { } record
                ? (await NodeQuestion.AskAsync(services, address, record, cancellationToken))
                    .Then(answer => Result.Accept(NodeEvidence.Of(answer)))
                : await NodeQuestion.AskForEvidenceAsync(services, address, cancellationToken);
            Appraisal = new Appraisal(Now, asked.IsAccepted ? asked.Value : null, asked.Refusals, Record is not null);
            return asked.IsAccepted ? Appraisal : asked.Refusals;
        }
        finally
        {
            IsAsking = false;
            Tell();
        }
    }

    /// <summary>Signs in as a member; reads, checks and folds the whole ledger.</summary>
    public async Task<Result<RoomClient>> SignInAsync(KeyFacts actor, CancellationToken cancellationToken)
    {
        if (Address is not { } address || Record is not { } record)
        {
            return new Refusal(RefusalCode.ContractNotActive, "a room that this browser has joined", "none");
        }

        Room?.Member.Keys.Dispose();
        Room = null;
        var member = await keys.OpenAsync(actor, cancellationToken);
        var opened = await RoomClient.OpenAsync(services, address, record.Collaboration, member, memory, cancellationToken);
        if (!opened.IsAccepted)
        {
            member.Keys.Dispose();
            Tell();
            return opened;
        }

        (Room, Actor) = (opened.Value, actor);
        Appraisal = new Appraisal(Now, NodeEvidence.Of(Room.Node), [], IsUnderContract: true);
        await NotedAsync(cancellationToken);
        return opened;
    }

    /// <summary>Does one thing at a time in the room: a room's client takes no second call while one is under way.</summary>
    public async Task<T> AloneAsync<T>(Func<Task<T>> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        await _alone.WaitAsync();
        try
        {
            return await act();
        }
        finally
        {
            _alone.Release();
        }
    }

    /// <summary>Reads the record again after the room's ledger was read, and tells every page.</summary>
    public async Task NotedAsync(CancellationToken cancellationToken)
    {
        if (Record is { } record && (await memory.LoadAsync(record.Collaboration, cancellationToken)).TryGet(out var newer, out _))
        {
            Record = newer;
        }

        await RememberAsync(cancellationToken);
        Tell();
    }

    /// <summary>Signs with a collaborator's root key that a member may act in this room, and appends that.</summary>
    /// <param name="root">The root key.</param>
    /// <param name="member">Who may act.</param>
    /// <param name="card">The member's public keys.</param>
    /// <param name="displayName">What people read; empty for the member's name.</param>
    /// <param name="roles">At least one.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public async Task<Result<StatementResponse>> DelegateAsync(
        KeyFacts root, KeyHolder member, MemberCard card, string displayName, ImmutableArray<MemberRole> roles, CancellationToken cancellationToken)
    {
        if (roles.IsDefaultOrEmpty)
        {
            return new Refusal(RefusalCode.RoleMissing, "at least one role", "none");
        }

        return await AppendAsRootAsync(await SignDelegationAsync(root, member, card, displayName, roles, cancellationToken), cancellationToken);
    }

    /// <summary>Signs with a collaborator's root key that a delegation ends, and appends that. Who revokes itself is signed out.</summary>
    public async Task<Result<StatementResponse>> RevokeAsync(KeyFacts root, Delegation delegation, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delegation);
        using var key = await keys.OpenRootAsync(root, cancellationToken);
        var isSelf = delegation.Sign.PublicKey == Actor?.Sign;
        var appended = await AppendAsRootAsync(await RootStatements.RevokeAsync(key, delegation, reason, cancellationToken), cancellationToken, isRead: !isSelf);
        if (appended.IsAccepted && isSelf)
        {
            Room?.Member.Keys.Dispose();
            Room = null;
            Tell();
        }

        return appended;
    }

    /// <summary>Begins a collaboration at the node that is looked at: delegates to the proposer, signs and sends the first contract, and opens the room.</summary>
    /// <param name="contract">Version 1, as the proposer has read it.</param>
    /// <param name="root">The root key that the contract names for the proposer's collaborator.</param>
    /// <param name="proposer">Who proposes and signs.</param>
    /// <param name="displayName">What people read; empty for the member's name.</param>
    /// <param name="roles">The proposer's roles.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public async Task<Result<RoomClient>> ProposeAsync(
        Contract contract, KeyFacts root, KeyFacts proposer, string displayName, ImmutableArray<MemberRole> roles, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proposer);
        if (Address is not { } address)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "the address of a room", "none");
        }

        if (roles.IsDefaultOrEmpty)
        {
            return new Refusal(RefusalCode.RoleMissing, "at least one role", "none");
        }

        var delegation = await SignDelegationAsync(root, proposer.Holder, CardOf(proposer), displayName, roles, cancellationToken);
        var member = await keys.OpenAsync(proposer, cancellationToken);
        var proposed = await ContractProposal.ProposeAsync(services, address, contract, member, [delegation], memory, cancellationToken);
        if (!proposed.TryGet(out var room, out _))
        {
            member.Keys.Dispose();
            return proposed;
        }

        Leave();
        (Room, Actor) = (room, proposer);
        Record = (await memory.LoadAsync(room.Collaboration, cancellationToken)).Value; // Proposing has kept it.
        await store.WriteAddressAsync(room.Collaboration, address.ToString(), cancellationToken);
        Appraisal = new Appraisal(Now, NodeEvidence.Of(room.Node), [], IsUnderContract: true);
        await NotedAsync(cancellationToken);
        return proposed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Room?.Member.Keys.Dispose();
        _alone.Dispose();
    }

    /// <summary>Returns the public keys of a member of this browser.</summary>
    public static MemberCard CardOf(KeyFacts member)
    {
        ArgumentNullException.ThrowIfNull(member);
        var place = member.Passkey is { } passkey ? new PasskeyPlace(passkey.RpId, passkey.Origin) : null;
        return new MemberCard(member.Sign, member.Receive, member.Witness, place);
    }

    /// <summary>What a root key signs goes in without a session; then the ledger is read up to it, by who still may.</summary>
    private async Task<Result<StatementResponse>> AppendAsRootAsync(Envelope signed, CancellationToken cancellationToken, bool isRead = true)
    {
        if (Address is not { } address || Record is not { } record)
        {
            return new Refusal(RefusalCode.ContractNotActive, "a room that this browser has joined", "none");
        }

        var appended = (await RoomVisitor.OpenAsync(services, address, record, cancellationToken)).TryGet(out var visitor, out var refusals)
            ? await visitor.AppendAsync(signed, cancellationToken)
            : refusals;
        if (appended.IsAccepted && isRead && Room is { } room)
        {
            var read = await AloneAsync(() => room.RefreshAsync(cancellationToken));
            await NotedAsync(cancellationToken);
            return read.IsAccepted ? appended : read.Refusals;
        }

        return appended;
    }

    private async Task<Envelope> SignDelegationAsync(
        KeyFacts root, KeyHolder member, MemberCard card, string displayName, ImmutableArray<MemberRole> roles, CancellationToken cancellationToken)
    {
        using var key = await keys.OpenRootAsync(root, cancellationToken);
        var terms = new DelegationTerms
        {
            Collaborator = member.Collaborator,
            Member = member.Member ?? throw new ArgumentException("wanted a member, got a root key", nameof(member)),
            DisplayName = displayName.Length > 0 ? displayName : member.Member,
            Card = card,
            Roles = roles,
            NotBefore = Now,
            Expires = Now.Plus(TimeSpan.FromDays(DelegationDays)),
        };
        return await RootStatements.DelegateAsync(key, terms, cancellationToken);
    }

    private void Leave()
    {
        Room?.Member.Keys.Dispose();
        (Room, Appraisal) = (null, null);
    }

    private async Task<RoomRecord?> KnownAtAsync(RoomAddress address, CancellationToken cancellationToken)
    {
        foreach (var kept in await store.RoomsAsync(cancellationToken))
        {
            if (kept.Address == address.ToString() && (await memory.LoadAsync(kept.Id, cancellationToken)).TryGet(out var record, out _))
            {
                return record;
            }
        }

        return null;
    }

    private async Task RememberAsync(CancellationToken cancellationToken)
    {
        await store.WriteAsync(LastAddress, Address?.ToString() ?? string.Empty, cancellationToken);
        await store.WriteAsync(LastRoom, Record?.Collaboration ?? string.Empty, cancellationToken);
        await store.WriteAsync(LastActor, Actor?.Id ?? string.Empty, cancellationToken);
    }

    private void Tell() => Changed?.Invoke();
}
