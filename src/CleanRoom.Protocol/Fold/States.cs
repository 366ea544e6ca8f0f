using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Protocol.Fold;

/// <summary>A node that may sign charges and results.</summary>
public sealed record NodeState(Bytes SigningKey, NodeAttestation Attestation, string Measurement, long Sequence)
{
    /// <summary>Gets the row that put a contract in force which does not accept the node's evidence; null while it is accepted.</summary>
    public long? LapsedSequence { get; init; }

    /// <summary>Gets the digests of the code endorsements that accept it; empty while the contract in force itself does. One of them must be in force where it signs.</summary>
    public ImmutableArray<Digest> Endorsements { get; init; } = [];
}

/// <summary>A code endorsement of the ledger, who brought it, and in which row.</summary>
public sealed record EndorsementState(VerifiedEndorsement Endorsement, string By, long Sequence);

/// <summary>A person, as delegated.</summary>
public sealed record MemberState(Delegation Delegation, Digest DelegationDigest, long Sequence, long? RevokedSequence)
{
    /// <summary>Gets <c>collaborator/member</c>.</summary>
    public string Name => $"{Delegation.Collaborator}/{Delegation.Member}";

    /// <summary>Says why the delegation is not in force at a time; null when it is.</summary>
    public Refusal? WhyNotValid(Timestamp at)
    {
        if (RevokedSequence is { } revoked)
        {
            return new(RefusalCode.MemberRevoked, $"a member that is not revoked", $"{Name}, revoked at row {revoked}");
        }

        return at < Delegation.NotBefore || at >= Delegation.Expires
            ? new(RefusalCode.MemberExpired, $"a delegation in force at {at}", $"{Name}, {Delegation.NotBefore} to {Delegation.Expires}")
            : null;
    }

    /// <summary>Gets the person as approvals count it.</summary>
    public Signatory Signatory => new(Delegation.Collaborator, Delegation.Member, Delegation.Sign.PublicKey);

    /// <summary>Says whether the member has one of the roles.</summary>
    public bool Has(params ReadOnlySpan<MemberRole> roles) => Delegation.Roles.AsSpan().IndexOfAny(roles) >= 0;
}

/// <summary>A contract version and who has signed it.</summary>
public sealed record ContractState(Contract Contract, Digest Digest, Envelope Envelope, long Sequence)
{
    /// <summary>Gets what may be spent of each dataset of the tier dp, by SQL name.</summary>
    public ImmutableDictionary<string, PrivacyLimit> Limits { get; init; } = ImmutableDictionary<string, PrivacyLimit>.Empty;

    /// <summary>Gets the key ids of the members that have signed.</summary>
    public ImmutableHashSet<Digest> SignedBy { get; init; } = [];

    /// <summary>Gets the row that made it active; null until then.</summary>
    public long? ActiveFrom { get; init; }

    /// <summary>Says how many different members of a collaborator must sign queries and contracts.</summary>
    public int QuorumOf(string collaborator) =>
        Contract.Approval.Quorum.FirstOrDefault(quorum => quorum.Collaborator == collaborator)?.Members ?? 1;

    /// <summary>Returns the collaborator with an id; null when the contract has none.</summary>
    public Collaborator? Find(string collaborator) => Contract.Collaborators.FirstOrDefault(c => c.Id == collaborator);

    /// <summary>Says whether a member was delegated by the root key that this contract names for the collaborator.</summary>
    public bool IsMember(MemberState member) => Find(member.Delegation.Collaborator)?.RootKey == member.Delegation.RootKey;

    /// <summary>Returns the dataset with a SQL name; null when the contract has none.</summary>
    public Dataset? FindDataset(string sqlName) => Contract.Datasets.FirstOrDefault(d => d.SqlName == sqlName);
}

/// <summary>A stop in force, and the votes to go on.</summary>
public sealed record SuspensionState(long Sequence, string By, string Reason)
{
    /// <summary>Gets the collaborators that have voted, under the contract in force, to go on.</summary>
    public ImmutableSortedSet<string> ResumeVotes { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}

/// <summary>One version of a dataset.</summary>
public sealed record DatasetState(DatasetManifest Manifest, Digest Digest, string Owner, long Sequence)
{
    /// <summary>Gets the newest grant of the data key; null until granted.</summary>
    public KeyGrant? Grant { get; init; }

    /// <summary>Gets what the guest found; null until taken in.</summary>
    public IngestStatement? Ingest { get; init; }

    /// <summary>Gets the row that withdrew it, or made it lapse; null while it stands.</summary>
    public long? WithdrawnSequence { get; init; }

    /// <summary>Gets a value that says whether queries may read it.</summary>
    public bool IsUsable => Ingest is { Accepted: true } && WithdrawnSequence is null;
}

/// <summary>One member's decision on a query.</summary>
public sealed record DecisionState(Approval Approval, Signatory By, long Sequence);

/// <summary>One member's approval of queries to come.</summary>
public sealed record ApprovalRuleState(ApprovalRule Rule, Digest Digest, Signatory By, long Sequence)
{
    /// <summary>Gets the row that took it back; null while it stands.</summary>
    public long? RevokedSequence { get; init; }
}

/// <summary>One charged run.</summary>
public sealed record RunState(Charge Charge, long ChargeSequence, Timestamp ChargedAt)
{
    /// <summary>Gets the answer; null until committed.</summary>
    public RunResult? Result { get; init; }

    /// <summary>Gets the row of the answer.</summary>
    public long? ResultSequence { get; init; }

    /// <summary>Gets the time of the answer's row, from which its retention counts.</summary>
    public Timestamp? ResultAt { get; init; }

    /// <summary>Gets the row of the receipt.</summary>
    public long? ReceiptSequence { get; init; }

    /// <summary>Gets the receipt's envelope; null until committed.</summary>
    public Envelope? Receipt { get; init; }

    /// <summary>Gets the digests of the code endorsements by which the signer of the receipt was accepted then; empty where the contract named its code.</summary>
    public ImmutableArray<Digest> Endorsements { get; init; } = [];

    /// <summary>Gets the failure; null unless the run ended without an answer.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>Gets a value that says whether the run has ended.</summary>
    public bool IsEnded => Result is not null || Failure is not null;
}

/// <summary>A query and what has become of it.</summary>
public sealed record QueryState(Query Query, Digest Digest, Envelope Envelope, Signatory Author, long Sequence)
{
    /// <summary>Gets the decisions in row order.</summary>
    public ImmutableArray<DecisionState> Decisions { get; init; } = [];

    /// <summary>Gets the runs in row order.</summary>
    public ImmutableArray<RunState> Runs { get; init; } = [];

    /// <summary>Gets why it was stopped; null while it was not.</summary>
    public Refusal? Stopped { get; init; }

    /// <summary>Gets the decision that refused it; null when none did.</summary>
    public DecisionState? RefusedBy => Decisions.FirstOrDefault(d => d.Approval.Decision == ApprovalDecision.Refuse);
}
