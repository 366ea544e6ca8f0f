using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Fold;

/// <summary>Everything that follows from a ledger: a pure value, the same in the grain, on the command line and in the browser.</summary>
/// <remarks>Spec: contracts/spec/0005 s.6.</remarks>
public sealed record CollaborationState
{
    /// <summary>Gets the state before row 0.</summary>
    public static CollaborationState Empty { get; } = new();

    /// <summary>Gets the collaboration's id; empty before row 0.</summary>
    public string Collaboration { get; init; } = string.Empty;

    /// <summary>Gets row 0; null before it.</summary>
    public Genesis? Genesis { get; init; }

    /// <summary>Gets the log: leaves and the root at every size.</summary>
    public LogState Log { get; init; } = LogState.Empty;

    /// <summary>Gets admitted nodes by the key id of their signing key.</summary>
    public ImmutableDictionary<Digest, NodeState> Nodes { get; init; } = ImmutableDictionary<Digest, NodeState>.Empty;

    /// <summary>Gets members by the key id of their signing key.</summary>
    public ImmutableDictionary<Digest, MemberState> Members { get; init; } = ImmutableDictionary<Digest, MemberState>.Empty;

    /// <summary>Gets contract versions by digest.</summary>
    public ImmutableDictionary<Digest, ContractState> Contracts { get; init; } = ImmutableDictionary<Digest, ContractState>.Empty;

    /// <summary>Gets the digest of the contract in force; null until all have signed one.</summary>
    public Digest? ActiveContract { get; init; }

    /// <summary>Gets the suspension in force; null when there is none.</summary>
    public SuspensionState? Suspension { get; init; }

    /// <summary>Gets the collaborators that have voted, under the contract in force, to end it.</summary>
    public ImmutableSortedSet<string> TerminateVotes { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Gets a value that says whether the collaboration has ended for good.</summary>
    public bool IsTerminated { get; init; }

    /// <summary>Gets dataset versions by manifest digest.</summary>
    public ImmutableDictionary<Digest, DatasetState> Datasets { get; init; } = ImmutableDictionary<Digest, DatasetState>.Empty;

    /// <summary>Gets verdicts by digest.</summary>
    public ImmutableDictionary<Digest, Verdict> Verdicts { get; init; } = ImmutableDictionary<Digest, Verdict>.Empty;

    /// <summary>Gets the members' approval rules by digest.</summary>
    public ImmutableDictionary<Digest, ApprovalRuleState> ApprovalRules { get; init; } = ImmutableDictionary<Digest, ApprovalRuleState>.Empty;

    /// <summary>Gets queries by digest.</summary>
    public ImmutableDictionary<Digest, QueryState> Queries { get; init; } = ImmutableDictionary<Digest, QueryState>.Empty;

    /// <summary>Gets the newest memory of the audit of earlier answers, by manifest digest.</summary>
    public ImmutableDictionary<Digest, HistoryRecord> Histories { get; init; } = ImmutableDictionary<Digest, HistoryRecord>.Empty;

    /// <summary>Gets the newest checkpoint of each owner's budget log, by the log's name. Spec: contracts/spec/0016 s.5.</summary>
    public ImmutableDictionary<string, Checkpoint> BudgetLogs { get; init; } = ImmutableDictionary.Create<string, Checkpoint>(StringComparer.Ordinal);

    /// <summary>Gets the measurements that an owner has revoked, in hex.</summary>
    public ImmutableSortedSet<string> RevokedMeasurements { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Gets all code endorsements that were brought, also under earlier versions and ended ones, by digest.</summary>
    public ImmutableDictionary<Digest, EndorsementState> Endorsements { get; init; } = ImmutableDictionary<Digest, EndorsementState>.Empty;

    /// <summary>Gets the newest set of recovery shares; null while there is none. Spec: contracts/spec/0026 s.4.</summary>
    public RecoverySetState? RecoverySet { get; init; }

    /// <summary>Gets the times that the room was restored from shares, in row order.</summary>
    public ImmutableArray<RecoveryState> Recoveries { get; init; } = [];

    /// <summary>Gets the digests of all payload and signer pairs seen: a statement counts once.</summary>
    public ImmutableHashSet<Digest> Seen { get; init; } = [];

    /// <summary>Gets the contract in force, whatever its dates; null when there is none.</summary>
    public ContractState? Active => ActiveContract is { } digest ? Contracts[digest] : null;

    /// <summary>Gets the contract in force, else the one that row 0 names; null before its proposal.</summary>
    public ContractState? ActiveOrFounding => Active ?? (Genesis is { } genesis ? Contracts.GetValueOrDefault(genesis.ContractDigest) : null);

    /// <summary>Returns the code endorsements under a contract version, in row order; none of a measurement that an owner has revoked. Some may have ended.</summary>
    public ImmutableArray<VerifiedEndorsement> EndorsementsOf(Digest contract) =>
    [
        .. Endorsements.Values.OrderBy(one => one.Sequence).Select(one => one.Endorsement)
            .Where(one => one.Endorsement.ContractDigest == contract && !RevokedMeasurements.Contains(one.Measurement)),
    ];

    /// <summary>Returns the code endorsements under the contract in force that have not ended: what a client needs to judge a node by, before it can read the log.</summary>
    public ImmutableArray<VerifiedEndorsement> StandingEndorsements(Timestamp at) =>
        ActiveContract is { } contract ? [.. EndorsementsOf(contract).Where(one => !one.HasEnded(at))] : [];

    /// <summary>Says why nothing may be done under the contract in force at a time; null when all is well.</summary>
    public Refusal? WhyNotActive(Timestamp at)
    {
        if (IsTerminated)
        {
            return new(RefusalCode.Terminated, "a collaboration that has not ended", "all collaborators voted to terminate");
        }

        if (Active is not { } active)
        {
            return new(RefusalCode.ContractNotActive, "a contract that every collaborator has signed", "none");
        }

        if (Suspension is { } suspension)
        {
            return new(RefusalCode.ContractNotActive, "a collaboration that is not suspended", $"suspended by {suspension.By} at row {suspension.Sequence}");
        }

        if (at < active.Contract.NotBefore)
        {
            return new(RefusalCode.ContractNotActive, $"a time from {active.Contract.NotBefore}", $"{at}");
        }

        return at >= active.Contract.Expires
            ? new(RefusalCode.ContractExpired, $"a time before {active.Contract.Expires}", $"{at}")
            : null;
    }

    /// <summary>Returns a collaborator's members whose delegation is in force at a time.</summary>
    /// <remarks>Once a contract is in force, only those of the root key that it names: a mere proposal can name another.</remarks>
    public IEnumerable<MemberState> MembersOf(string collaborator, Timestamp at) => Members.Values.Where(member =>
        member.Delegation.Collaborator == collaborator && member.WhyNotValid(at) is null && Active?.IsMember(member) != false);

    /// <summary>Returns a query of this ledger, or <see cref="RefusalCode.QueryUnknown"/>.</summary>
    public Result<QueryState> FindQuery(Digest query) => Queries.TryGetValue(query, out var found)
        ? found
        : new Refusal(RefusalCode.QueryUnknown, "a query of this ledger", query.Abbreviated);

    /// <summary>Returns what the next manifest of a dataset has to name: its version, and the digest of the one before it.</summary>
    public (int Version, Digest? Previous) NextVersion(string sqlName)
    {
        var newest = Datasets.Values.Where(dataset => dataset.Manifest.Dataset == sqlName).MaxBy(dataset => dataset.Manifest.Version);
        return newest is null ? (1, null) : (newest.Manifest.Version + 1, newest.Digest);
    }

    /// <summary>Returns the newest version of a dataset that was taken in; null when there is none, or its owner has withdrawn it.</summary>
    /// <remarks>A withdrawn version does not bring an older one back: the owner replaced that one too.</remarks>
    public DatasetState? CurrentDataset(string sqlName) => Datasets.Values
        .Where(dataset => dataset.Manifest.Dataset == sqlName && dataset.Ingest is { Accepted: true })
        .MaxBy(dataset => dataset.Manifest.Version) is { IsUsable: true } newest ? newest : null;
}
