using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Members;

/// <summary>Whom a root key delegates to, and for what.</summary>
public sealed record DelegationTerms
{
    /// <summary>Gets the collaborator's id.</summary>
    public required string Collaborator { get; init; }

    /// <summary>Gets the member's short name.</summary>
    public required string Member { get; init; }

    /// <summary>Gets the name that people read.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Gets the member's keys.</summary>
    public required MemberCard Card { get; init; }

    /// <summary>Gets the roles; at least one.</summary>
    public required ImmutableArray<MemberRole> Roles { get; init; }

    /// <summary>Gets when it begins.</summary>
    public required Timestamp NotBefore { get; init; }

    /// <summary>Gets when it ends.</summary>
    public required Timestamp Expires { get; init; }
}
