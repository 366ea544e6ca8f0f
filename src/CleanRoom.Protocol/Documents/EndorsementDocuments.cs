namespace CleanRoom.Protocol.Documents;

/// <summary>What a contract's code endorsers sign together: other code may open the data too, for a while. Counts by nothing but all their signatures. Spec: contracts/spec/0025.</summary>
/// <remarks>Its envelope is carried by a <see cref="CodeAdmission"/>; by itself it is no ledger row.</remarks>
public sealed record CodeEndorsement : Document
{
    /// <summary>Gets the collaboration's id.</summary>
    public required string Collaboration { get; init; }

    /// <summary>Gets the digest of the contract version that names the endorsers. The endorsement ends with it.</summary>
    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the whole tuple of reference values of the code. It differs from a tuple of the contract in what names the code alone, and never accepts debug.</summary>
    public required ReferenceTuple Tuple { get; init; }

    /// <summary>Gets why, in words for the collaborators: 1 to 1,000 printable characters.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the first row time at which it counts.</summary>
    public required Timestamp NotBefore { get; init; }

    /// <summary>Gets the first row time at which it counts no more; at most the contract's.</summary>
    public required Timestamp Expires { get; init; }

    /// <summary>Gets 16 random bytes: the ledger takes them once.</summary>
    public required Bytes Nonce { get; init; }
}

/// <summary>A member brings a code endorsement into the ledger. Signed by the member, with role <c>admin</c> or <c>owner</c>. Spec: contracts/spec/0025.</summary>
public sealed record CodeAdmission : Document
{
    public required string Collaboration { get; init; }

    /// <summary>Gets the encoded envelope of a <see cref="CodeEndorsement"/>, with the signatures of all code endorsers of the contract in force.</summary>
    public required Bytes Endorsement { get; init; }
}
