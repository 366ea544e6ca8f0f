using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Evidence;

/// <summary>Knows one kind of evidence: parses it, then verifies it. Appraisal against a contract is the same for all kinds.</summary>
/// <remarks>
/// Pure and synchronous: no network, no clock, no state. MUST NOT throw on content, whatever the bytes are. MUST check every
/// length before it allocates, and refuse trailing bytes and reserved bits that are set. Trust anchors are pinned in the
/// verifier: a presented certificate MUST NOT become one. Spec: RFC 9334 s.4; contracts/spec/0006 s.4.
/// </remarks>
public interface IEvidenceVerifier
{
    /// <summary>Gets the name that contracts and attestations use.</summary>
    string Tee { get; }

    /// <summary>Returns a value that says whether the bytes look like this kind of evidence. Cheap, and no promise.</summary>
    bool Recognises(ReadOnlySpan<byte> evidence);

    /// <summary>Reads the form. Trust: attacker-controlled.</summary>
    CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements);

    /// <summary>Checks signatures, chain and revocation as of a moment, and lists every check that fails.</summary>
    /// <exception cref="ArgumentException">The evidence came from another verifier.</exception>
    CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at);
}
