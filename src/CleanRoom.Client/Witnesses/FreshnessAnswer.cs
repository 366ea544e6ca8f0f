using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Witnesses;

/// <summary>Makes a witness's answer to one start of a node. Spec: contracts/spec/0005 s.8.</summary>
internal static class FreshnessAnswer
{
    /// <summary>Cosigns a note that this client has verified and binds it to the node's start.</summary>
    /// <param name="member">The witness.</param>
    /// <param name="collaboration">The collaboration's id.</param>
    /// <param name="bootNonce">The 32 bytes of the start.</param>
    /// <param name="note">A checkpoint note that this client has verified and found consistent.</param>
    /// <param name="now">The witness's clock.</param>
    /// <param name="cancellationToken">Stops before a signature.</param>
    public static async ValueTask<WitnessRequest> MakeAsync(
        MemberIdentity member, string collaboration, Bytes bootNonce, string note, Timestamp now, CancellationToken cancellationToken)
    {
        var witness = new FreshnessWitness
        {
            Collaboration = collaboration,
            Collaborator = member.Collaborator,
            Member = member.Member,
            BootNonce = bootNonce,
            Checkpoint = await CosignAsync(member, note, now, cancellationToken),
        };
        var signature = await member.Keys.Witness.SignEd25519Async(witness.SignedBytes(), cancellationToken);
        return new WitnessRequest(new Bytes(DocumentCodec.Encode(witness)), new Bytes(signature));
    }

    private static async ValueTask<string> CosignAsync(MemberIdentity member, string note, Timestamp now, CancellationToken cancellationToken)
    {
        var signature = await member.Keys.Witness.SignEd25519Async(Cosignature.SignedBytes(note, now), cancellationToken);
        return Cosignature.Add(note, member.Name, member.Keys.Witness.PublicKey.ToArray(), now, _ => signature);
    }
}
