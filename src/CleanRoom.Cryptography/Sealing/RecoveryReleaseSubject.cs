using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>What a share on its way back to a node is bound to. The statement that comes with it signs the digest of the seal.</summary>
/// <remarks>Spec: contracts/spec/0026 s.6.</remarks>
/// <param name="Share">Which share it is.</param>
/// <param name="Member">Who releases it.</param>
/// <param name="BindingDigest">The digest of the binding that the evidence of the asking node commits to: nonce, purpose and sealing key.</param>
public sealed record RecoveryReleaseSubject(RecoveryShareSubject Share, string Member, Digest BindingDigest)
{
    /// <summary>Returns JCS{bindingDigest, collaboration, collaborator, contractDigest, index, member, set}.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("bindingDigest", BindingDigest),
        new JsonMember("collaboration", Share.Collaboration),
        new JsonMember("collaborator", Share.Collaborator),
        new JsonMember("contractDigest", Share.ContractDigest),
        new JsonMember("index", Share.Index),
        new JsonMember("member", Member),
        new JsonMember("set", Share.Set)));
}
