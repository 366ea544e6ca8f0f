using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>Who is a node of this fleet: the same code, on a machine that is at least as good. Spec: contracts/spec/0020 s.4.</summary>
public interface IFleet
{
    /// <summary>Appraises a node that answers a question of this one.</summary>
    /// <param name="attestation">With a binding of purpose <c>admission</c>.</param>
    /// <param name="nonce">The nonce of the question.</param>
    /// <param name="at">The moment as of which it is judged.</param>
    /// <returns>The node's measurement, or every check that failed.</returns>
    Result<string> Appraise(NodeAttestation attestation, Bytes nonce, Timestamp at);
}
