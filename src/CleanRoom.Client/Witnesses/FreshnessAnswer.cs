using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Witnesses;

/// <summary>Makes a witness's answer to one start of a node. Spec: contracts/spec/0005 s.8.</summary>
internal static class FreshnessAnswer
{
    private const string Label = "cleanroom/v1/freshness";
    private const int SignatureBytes = 64;

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
        var encoded = DocumentCodec.Encode(witness);
        var signature = await member.Keys.Witness.SignEd25519Async(Digest.Labelled(Label, encoded).ToArray(), cancellationToken);
        return new WitnessRequest(new Bytes(encoded), new Bytes(signature));
    }

    /// <summary>Adds the witness's line to a note.</summary>
    public static async ValueTask<string> CosignAsync(MemberIdentity member, string note, Timestamp now, CancellationToken cancellationToken)
    {
        // A browser's key signs asynchronously, a note is built synchronously: the first pass finds out what is to be signed.
        byte[] message = [];
        var witnessKey = member.Keys.Witness.PublicKey.ToArray();
        _ = Cosignature.Add(note, member.Name, witnessKey, now, toSign =>
        {
            message = toSign;
            return new byte[SignatureBytes];
        });
        var signature = await member.Keys.Witness.SignEd25519Async(message, cancellationToken);
        return Cosignature.Add(note, member.Name, witnessKey, now, _ => signature);
    }
}
