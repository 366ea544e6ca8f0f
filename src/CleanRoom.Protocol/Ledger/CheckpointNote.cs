using System.Text;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Ledger;

/// <summary>Signs checkpoints as a ledger's node and checks such signatures.</summary>
/// <remarks>The key's name is the origin. Spec: C2SP tlog-checkpoint; contracts/spec/0005 s.5.</remarks>
public static class CheckpointNote
{
    /// <summary>Signs a checkpoint.</summary>
    /// <param name="checkpoint">What to sign.</param>
    /// <param name="key">The public half, named after the origin, of type Ed25519.</param>
    /// <param name="signEd25519">Returns 64 bytes over the given bytes, with the key's private half.</param>
    /// <returns>The signed note.</returns>
    /// <exception cref="ArgumentException">The key has another name or type.</exception>
    public static string Build(Checkpoint checkpoint, NoteVerifierKey key, Func<byte[], byte[]> signEd25519)
    {
        if (key.Type != NoteKeyType.Ed25519 || !string.Equals(key.Name, checkpoint.Origin, StringComparison.Ordinal))
        {
            throw new ArgumentException("wanted an ed25519 key named after the origin", nameof(key));
        }

        var signature = signEd25519(Encoding.UTF8.GetBytes(checkpoint.Text));
        return SignedNote.Create(checkpoint.Text, [new NoteSignature(key.Name, key.Hash, new Bytes(signature))]).ToString();
    }

    /// <summary>Checks that a collaboration's checkpoint key signed a checkpoint of that collaboration.</summary>
    /// <param name="note">Trust: attacker-controlled.</param>
    /// <param name="origin">The collaboration's id. Trust: trusted.</param>
    /// <param name="checkpointKey">Ed25519 key from the collaboration's genesis: 32 bytes. Trust: trusted.</param>
    /// <param name="verifier">Checks the raw signature.</param>
    /// <returns>
    /// The checkpoint, or <see cref="RefusalCode.CheckpointInvalid"/>, <see cref="RefusalCode.SignatureMissing"/>,
    /// <see cref="RefusalCode.SignatureInvalid"/>.
    /// </returns>
    public static Result<Checkpoint> Verify(
        string note, string origin, ReadOnlySpan<byte> checkpointKey, ISignatureVerifier verifier)
    {
        var key = new NoteVerifierKey(origin, NoteKeyType.Ed25519, checkpointKey);
        return SignedNote.Parse(note)
            .Then(read => key.Verify(read, verifier))
            .Then(Checkpoint.Parse)
            .Then(checkpoint => string.Equals(checkpoint.Origin, origin, StringComparison.Ordinal)
                ? Result.Accept(checkpoint)
                : Result.Refuse<Checkpoint>(RefusalCode.CheckpointInvalid, $"origin {origin}", "another origin"));
    }
}
