using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>What a handed-over secret is bound to.</summary>
/// <remarks>Spec: contracts/spec/0021 s.4.</remarks>
/// <param name="Log">The collaboration's id, or the budget log's.</param>
/// <param name="BindingDigest">The digest of the binding that the evidence of the asking node commits to: nonce, purpose and sealing key.</param>
public sealed record HandoverSubject(string Log, Digest BindingDigest)
{
    /// <summary>Returns JCS{bindingDigest, log}.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("bindingDigest", BindingDigest),
        new JsonMember("log", Log)));
}
