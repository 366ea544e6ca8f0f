using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>The run that a result is bound to.</summary>
/// <param name="Collaboration">The collaboration's id.</param>
/// <param name="QueryDigest">The query.</param>
/// <param name="ChargeSequence">The sequence of the charge row.</param>
/// <remarks>Spec: contracts/spec/0010 s.8.</remarks>
public sealed record ResultContext(string Collaboration, Digest QueryDigest, long ChargeSequence)
{
    /// <summary>Returns the context that a result names.</summary>
    public static ResultContext Of(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ResultContext(result.Collaboration, result.QueryDigest, result.ChargeSequence);
    }

    /// <summary>Returns JCS{chargeSequence, collaboration, queryDigest}, which binds the blob.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("chargeSequence", ChargeSequence),
        new JsonMember("collaboration", Collaboration),
        new JsonMember("queryDigest", QueryDigest)));

    /// <summary>Returns JCS{chargeSequence, collaboration, collaborator, commitment, member, queryDigest}, which binds a wrap.</summary>
    public byte[] WrapAssociatedData(string collaborator, string member, Digest commitment) => Jcs.Write(new JsonObject(
        new JsonMember("chargeSequence", ChargeSequence),
        new JsonMember("collaboration", Collaboration),
        new JsonMember("collaborator", collaborator),
        new JsonMember("commitment", commitment),
        new JsonMember("member", member),
        new JsonMember("queryDigest", QueryDigest)));
}
