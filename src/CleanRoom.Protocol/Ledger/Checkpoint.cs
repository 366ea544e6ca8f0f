using System.Globalization;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Ledger;

/// <summary>A ledger's name, size and root: what a node signs after every row.</summary>
/// <param name="Origin">The collaboration's id.</param>
/// <param name="Size">Number of rows.</param>
/// <param name="Root">Merkle root over their leaves.</param>
/// <remarks>Spec: C2SP tlog-checkpoint, without extension lines; contracts/spec/0005 s.5.</remarks>
public sealed record Checkpoint(string Origin, long Size, Digest Root)
{
    /// <summary>Gets the note text: origin, size and base64 of the root, each on a line.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{new Bytes(Root.ToArray())}\n");

    /// <summary>Reads a note text.</summary>
    /// <param name="noteText">Trust: attacker-controlled until the note is verified.</param>
    /// <returns>The checkpoint, or <see cref="RefusalCode.CheckpointInvalid"/>.</returns>
    public static Result<Checkpoint> Parse(string noteText)
    {
        if (noteText.Split('\n') is [var origin, var sizeText, var rootText, ""]
            && NoteVerifierKey.IsName(origin)
            && long.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size <= JsonInteger.MaxMagnitude
            && Bytes.TryParse(rootText, out var root) && root.Length == Digest.Length)
        {
            var checkpoint = new Checkpoint(origin, size, new Digest(root.Span));

            // Refuses leading zeros in the size.
            if (string.Equals(checkpoint.Text, noteText, StringComparison.Ordinal))
            {
                return checkpoint;
            }
        }

        return Result.Refuse<Checkpoint>(
            RefusalCode.CheckpointInvalid, "exactly the lines origin, size and base64 of 32 bytes", "another text");
    }
}
