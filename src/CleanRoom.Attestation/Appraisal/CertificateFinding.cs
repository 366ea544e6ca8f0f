using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>One certificate of a chain that evidence rests on, and what each check found. Spec: contracts/spec/0006 s.12.</summary>
/// <remarks>For people who look: the verdict follows from the same checks, and from others besides. Names come from the other side, made fit to be shown.</remarks>
public sealed record CertificateFinding
{
    /// <summary>Gets what the chain vouches for, in words, such as <c>the key of the report</c>.</summary>
    public required string Chain { get; init; }

    /// <summary>Gets the place in the chain: 0 is the leaf.</summary>
    public required int Place { get; init; }

    /// <summary>Gets the root's name in this program; null for a certificate that was presented.</summary>
    public required string? Pinned { get; init; }

    /// <summary>Gets the subject.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets the issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>Gets the first moment of validity.</summary>
    public required Timestamp NotBefore { get; init; }

    /// <summary>Gets the last moment of validity.</summary>
    public required Timestamp NotAfter { get; init; }

    /// <summary>Gets the kind of the key, such as <c>ecdsa 384 bits</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Gets SHA-256 of the SubjectPublicKeyInfo: how contracts pin anchors.</summary>
    public required Digest KeyDigest { get; init; }

    /// <summary>Gets SHA-256 of the certificate's bytes.</summary>
    public required Digest Fingerprint { get; init; }

    /// <summary>Gets the checks of this certificate.</summary>
    public required ImmutableArray<CertificateCheck> Checks { get; init; }
}

/// <summary>What a check of one certificate found.</summary>
/// <param name="Check">The name, as in contracts/spec/0006 s.12.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Failures">Why it failed; empty unless it did.</param>
public sealed record CertificateCheck(string Check, CheckOutcome Outcome, ImmutableArray<FailedCheck> Failures);

/// <summary>What came of a check.</summary>
public enum CheckOutcome
{
    /// <summary>No answer.</summary>
    Unknown = 0,

    /// <summary>It holds.</summary>
    Passed = 1,

    /// <summary>It does not hold.</summary>
    Failed = 2,

    /// <summary>What it needs did not come, and is not demanded: it was not made.</summary>
    NotMade = 3,
}
