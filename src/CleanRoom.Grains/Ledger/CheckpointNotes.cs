using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Grains.Ledger;

/// <summary>Brings signatures of one checkpoint together.</summary>
internal static class CheckpointNotes
{
    /// <summary>Adds to a note the signatures that another note over the same text has more. Notes that do not fit stay as they are.</summary>
    public static string Merge(string note, string other)
    {
        if (!SignedNote.Parse(note).TryGet(out var target, out _) || !SignedNote.Parse(other).TryGet(out var source, out _) || source.Text != target.Text)
        {
            return note;
        }

        return source.Signatures.Where(signature => !target.Signatures.Contains(signature))
            .Aggregate(target, (merged, signature) => merged.With(signature))
            .ToString();
    }
}
