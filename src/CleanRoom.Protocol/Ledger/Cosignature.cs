using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Ledger;

/// <summary>A witness's statement that it saw a checkpoint, and no inconsistent one before, at a time.</summary>
/// <remarks>
/// Line: u64 big-endian seconds since 1970 || Ed25519 over "cosignature/v1\ntime SECONDS\n" || note text.
/// Spec: C2SP tlog-cosignature (v1); contracts/spec/0005 s.5.3.
/// </remarks>
public static class Cosignature
{
    private const int TimeLength = 8;

    /// <summary>Returns what a witness signs with its line, for keys that sign elsewhere or later.</summary>
    /// <param name="note">A signed checkpoint that the witness has verified.</param>
    /// <param name="time">Cut to whole seconds; not before 1970.</param>
    /// <exception cref="ArgumentException">The note is none.</exception>
    public static byte[] SignedBytes(string note, Timestamp time) => Message(Read(note).Text, SecondsOf(time));

    /// <summary>Adds a witness's line; its older line is replaced.</summary>
    /// <param name="note">A signed checkpoint that the witness has verified.</param>
    /// <param name="witnessName">The witness's name: <c>collaborator/member</c>.</param>
    /// <param name="witnessPublicKey">Ed25519 key: 32 bytes.</param>
    /// <param name="time">Cut to whole seconds; not before 1970.</param>
    /// <param name="sign">Returns 64 bytes over the given bytes, with the witness's private key.</param>
    /// <returns>The note with the line.</returns>
    /// <exception cref="ArgumentException">The note is none, or the name is not a legal key name.</exception>
    public static string Add(string note, string witnessName, byte[] witnessPublicKey, Timestamp time, Func<byte[], byte[]> sign)
    {
        var read = Read(note);
        var key = new NoteVerifierKey(witnessName, NoteKeyType.Cosignature, witnessPublicKey);
        var seconds = SecondsOf(time);
        var blob = new byte[TimeLength + NoteVerifierKey.SignatureLength];
        BinaryPrimitives.WriteUInt64BigEndian(blob, seconds);
        sign(Message(read.Text, seconds)).CopyTo(blob, TimeLength);
        return read.With(new NoteSignature(key.Name, key.Hash, new Bytes(blob))).ToString();
    }

    /// <summary>Checks a witness's line. The checkpoint itself is checked by <see cref="CheckpointNote.Verify"/>.</summary>
    /// <param name="note">Trust: attacker-controlled.</param>
    /// <param name="witnessName">The witness's name. Trust: trusted.</param>
    /// <param name="key">Ed25519 key from the witness's delegation: 32 bytes. Trust: trusted.</param>
    /// <param name="verifier">Checks the raw signature.</param>
    /// <returns>
    /// When the witness signed, in whole seconds by its own clock, or <see cref="RefusalCode.CheckpointInvalid"/>,
    /// <see cref="RefusalCode.SignatureMissing"/>, <see cref="RefusalCode.SignatureInvalid"/>.
    /// </returns>
    public static Result<Timestamp> Verify(string note, string witnessName, ReadOnlySpan<byte> key, ISignatureVerifier verifier)
    {
        var witness = new NoteVerifierKey(witnessName, NoteKeyType.Cosignature, key);
        return SignedNote.Parse(note)
            .Then(read => Checkpoint.Parse(read.Text).Then(_ => Verify(read, witness, verifier)));
    }

    private static Result<Timestamp> Verify(SignedNote note, NoteVerifierKey witness, ISignatureVerifier verifier)
    {
        if (note.Find(witness) is not { } line)
        {
            return Result.Refuse<Timestamp>(RefusalCode.SignatureMissing, $"a cosignature by {witness.Name}", "none");
        }

        var blob = line.Signature.Span;
        if (blob.Length == TimeLength + NoteVerifierKey.SignatureLength)
        {
            var seconds = BinaryPrimitives.ReadUInt64BigEndian(blob);
            if (seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                && verifier.VerifyEd25519(witness.PublicKey.Span, Message(note.Text, seconds), blob[TimeLength..]))
            {
                return Timestamp.From(DateTimeOffset.FromUnixTimeSeconds((long)seconds));
            }
        }

        return Result.Refuse<Timestamp>(
            RefusalCode.SignatureInvalid, $"a cosignature by {witness.Name} over the checkpoint", "one over something else");
    }

    private static SignedNote Read(string note) => SignedNote.Parse(note).TryGet(out var read, out var refusals)
        ? read
        : throw new ArgumentException($"wanted a signed note: {refusals[0]}", nameof(note));

    private static ulong SecondsOf(Timestamp time) => checked((ulong)time.Value.ToUnixTimeSeconds());

    private static byte[] Message(string text, ulong seconds) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));
}
