using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace CleanRoom.Protocol.Ledger;

/// <summary>A text with signature lines, as read. Holding one proves nothing.</summary>
/// <remarks>Spec: C2SP signed-note; contracts/spec/0005 s.5.</remarks>
public sealed class SignedNote
{
    /// <summary>The largest note, in UTF-16 code units.</summary>
    public const int MaxLength = 1 << 16;

    /// <summary>The largest number of signature lines.</summary>
    public const int MaxSignatures = 100;

    private const string Separator = "\n\n";
    private const string LinePrefix = "\u2014 ";

    private SignedNote(string text, ImmutableArray<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>Gets the signed text; ends with a newline.</summary>
    public string Text { get; }

    /// <summary>Gets the signature lines in order.</summary>
    public ImmutableArray<NoteSignature> Signatures { get; }

    /// <summary>Reads a note.</summary>
    /// <param name="note">Trust: attacker-controlled.</param>
    /// <returns>The note, or <see cref="RefusalCode.CheckpointInvalid"/>.</returns>
    public static Result<SignedNote> Parse(string note)
    {
        if (note.Length > MaxLength)
        {
            return Invalid($"a note of at most {MaxLength} characters", $"{note.Length}");
        }

        if (!IsText(note))
        {
            return Invalid("a note without control characters and lone surrogates", "one with them");
        }

        // The last blank line: the text itself may hold others, signature lines cannot.
        var separator = note.LastIndexOf(Separator, StringComparison.Ordinal);
        if (separator < 0 || !note.EndsWith('\n'))
        {
            return Invalid("a text, a blank line and signature lines that end with a newline", "less");
        }

        var lines = note[(separator + Separator.Length)..].Split('\n')[..^1];
        if (lines.Length is 0 or > MaxSignatures)
        {
            return Invalid($"1 to {MaxSignatures} signature lines", $"{lines.Length}");
        }

        var signatures = ImmutableArray.CreateBuilder<NoteSignature>(lines.Length);
        foreach (var line in lines)
        {
            if (ParseLine(line) is not { } signature)
            {
                return Invalid("signature lines of an em dash, a key name and base64", $"another form at line {signatures.Count + 1}");
            }

            signatures.Add(signature);
        }

        return new SignedNote(note[..(separator + 1)], signatures.MoveToImmutable());
    }

    /// <summary>Makes a note without checking the signatures.</summary>
    /// <exception cref="ArgumentException">The text is not one that <see cref="Parse"/> would return.</exception>
    public static SignedNote Create(string text, ImmutableArray<NoteSignature> signatures)
    {
        var note = new SignedNote(text, signatures);
        return Parse(note.ToString()).TryGet(out var read, out var refusals) && string.Equals(read.Text, text, StringComparison.Ordinal)
            ? note
            : throw new ArgumentException($"no note can be made of this text: {string.Join("; ", refusals)}", nameof(text));
    }

    /// <summary>Returns the signature of a key, of which the first line counts.</summary>
    public NoteSignature? Find(NoteVerifierKey key) =>
        Signatures.FirstOrDefault(line => line.KeyHash == key.Hash && string.Equals(line.Name, key.Name, StringComparison.Ordinal));

    /// <summary>Returns the note with one more signature; an older one by the same key is replaced.</summary>
    public SignedNote With(NoteSignature signature) => Create(
        Text,
        [
            .. Signatures.Where(line =>
                line.KeyHash != signature.KeyHash || !string.Equals(line.Name, signature.Name, StringComparison.Ordinal)),
            signature,
        ]);

    /// <summary>Returns the note's text form.</summary>
    public override string ToString()
    {
        var note = new StringBuilder(Text).Append('\n');
        foreach (var signature in Signatures)
        {
            var blob = new byte[NoteVerifierKey.HashLength + signature.Signature.Length];
            BinaryPrimitives.WriteUInt32BigEndian(blob, signature.KeyHash);
            signature.Signature.Span.CopyTo(blob.AsSpan(NoteVerifierKey.HashLength));
            note.Append(CultureInfo.InvariantCulture, $"{LinePrefix}{signature.Name} {Convert.ToBase64String(blob)}\n");
        }

        return note.ToString();
    }

    private static NoteSignature? ParseLine(string line)
    {
        if (!line.StartsWith(LinePrefix, StringComparison.Ordinal)
            || line[LinePrefix.Length..].Split(' ') is not [var name, var base64]
            || !NoteVerifierKey.IsName(name)
            || !Bytes.TryParse(base64, out var blob)
            || blob.Length <= NoteVerifierKey.HashLength)
        {
            return null;
        }

        var keyHash = BinaryPrimitives.ReadUInt32BigEndian(blob.Span);
        return new NoteSignature(name, keyHash, new Bytes(blob.Span[NoteVerifierKey.HashLength..]));
    }

    private static bool IsText(string note)
    {
        for (var i = 0; i < note.Length; i++)
        {
            if (note[i] < ' ' && note[i] != '\n')
            {
                return false;
            }

            if (char.IsSurrogate(note[i]))
            {
                if (i + 1 == note.Length || !char.IsSurrogatePair(note[i], note[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    private static Result<SignedNote> Invalid(string wanted, string got) =>
        Result.Refuse<SignedNote>(RefusalCode.CheckpointInvalid, wanted, got);
}

/// <summary>A signature line: who claims to have signed, and the type-specific bytes.</summary>
/// <param name="Name">Key name.</param>
/// <param name="KeyHash">First four bytes of the key's hash, big-endian; a hint, never a proof.</param>
/// <param name="Signature">64 bytes for Ed25519; 8 + 64 for a cosignature.</param>
public sealed record NoteSignature(string Name, uint KeyHash, Bytes Signature);
