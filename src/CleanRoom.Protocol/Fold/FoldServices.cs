using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Protocol.Fold;

/// <summary>Appraises a node's attestation for the fold. Pure: no network, no clock.</summary>
public interface INodeAppraiser
{
    /// <summary>Verifies evidence and binding and appraises them against the code that a contract accepts, as of row time.</summary>
    /// <returns>The measurement in lower-case hex, or every failed check.</returns>
    Result<string> Appraise(NodeAttestation attestation, AcceptedCode code, Timestamp at);
}

/// <summary>Turns an owner's budget of privacy, as people write it, into whole numbers that add up. Pure.</summary>
public interface IPrivacyLimits
{
    /// <summary>Returns what may be spent in all, rounded down; or why the rules give no budget.</summary>
    Result<PrivacyLimit> Of(DpRules rules);
}

/// <summary>What may be spent of one dataset's budget in all.</summary>
/// <param name="NanoRho">zCDP in billionths.</param>
/// <param name="AttoDelta">The deltas of the choice of groups in units of 10^-18.</param>
public sealed record PrivacyLimit(long NanoRho, long AttoDelta);

/// <summary>What the fold needs from outside Protocol; all are pure and synchronous, so a browser can fold too.</summary>
public sealed record FoldServices(ISignatureVerifier Signatures, INodeAppraiser Nodes, IPrivacyLimits Limits);
