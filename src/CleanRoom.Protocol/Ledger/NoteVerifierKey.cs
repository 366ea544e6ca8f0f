using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Ledger;

/// <summary>A key that signs notes: its name, its type and its Ed25519 public key.</summary>
/// <remarks>Text form: name, 8 hex digits of the hash, base64 of type and key, joined by plus signs. Spec: C2SP signed-note.</remarks>
public sealed record NoteVerifierKey
{
    /// <summary>Length of a key hash in bytes.</summary>
    public const int HashLength = 4;

    internal const int PublicKeyLength = 32;
    internal const int SignatureLength = 64;
    private const int MaxTextLength = 512;

    /// <summary>Takes a legal name and 32 bytes.</summary>
    /// <exception cref="ArgumentException">The name is not legal, or the key is not 32 bytes long.</exception>
    public NoteVerifierKey(string name, NoteKeyType type, ReadOnlySpan<byte> publicKey)
    {
        if (!IsName(name))
        {
            throw new ArgumentException("wanted a name without spaces and plus signs", nameof(name));
        }

        if (publicKey.Length != PublicKeyLength)
        {
            throw new ArgumentException($"wanted {PublicKeyLength} bytes, got {publicKey.Length}", nameof(publicKey));
        }

        (Name, Type, PublicKey) = (name, type, new Bytes(publicKey));
        Hash = BinaryPrimitives.ReadUInt32BigEndian(
            Digest.Of([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)type, .. publicKey]).ToArray());
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets what it signs.</summary>
    public NoteKeyType Type { get; }

    /// <summary>Gets the Ed25519 key: 32 bytes.</summary>
    public Bytes PublicKey { get; }

    /// <summary>Gets the first four bytes of SHA-256(name || 0x0A || type || key), big-endian.</summary>
    public uint Hash { get; }

    /// <summary>Reads the text form.</summary>
    /// <returns>The key, or <see cref="RefusalCode.SignatureUnknownKey"/>.</returns>
    public static Result<NoteVerifierKey> Parse(string text)
    {
        if (text.Length <= MaxTextLength
            && text.Split('+', 3) is [var name, var hash, var base64]
            && IsName(name)
            && Bytes.TryParse(base64, out var blob)
            && blob.Length == 1 + PublicKeyLength
            && (NoteKeyType)blob.Span[0] is NoteKeyType.Ed25519 or NoteKeyType.Cosignature)
        {
            var key = new NoteVerifierKey(name, (NoteKeyType)blob.Span[0], blob.Span[1..]);
            if (string.Equals(HashText(key.Hash), hash, StringComparison.Ordinal))
            {
                return key;
            }
        }

        return Result.Refuse<NoteVerifierKey>(RefusalCode.SignatureUnknownKey, "a verifier key of type ed25519 or cosignature/v1", "another");
    }

    /// <summary>Says whether a text may be a key's name: no Unicode space, no plus sign, not empty.</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && !text.Any(c => c == '+' || char.IsWhiteSpace(c) || char.IsControl(c));

    /// <summary>Checks this key's plain signature on a note.</summary>
    /// <returns>The note's text, or <see cref="RefusalCode.SignatureMissing"/> or <see cref="RefusalCode.SignatureInvalid"/>.</returns>
    public Result<string> Verify(SignedNote note, ISignatureVerifier verifier)
    {
        if (Type != NoteKeyType.Ed25519 || note.Find(this) is not { } line)
        {
            return Result.Refuse<string>(RefusalCode.SignatureMissing, $"a signature by {Name}", "none");
        }

        return line.Signature.Length == SignatureLength
            && verifier.VerifyEd25519(PublicKey.Span, Encoding.UTF8.GetBytes(note.Text), line.Signature.Span)
            ? note.Text
            : Result.Refuse<string>(RefusalCode.SignatureInvalid, $"a signature by {Name} over the text", "one over something else");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}+{HashText(Hash)}+{new Bytes([(byte)Type, .. PublicKey.Span])}";

    private static string HashText(uint hash) => hash.ToString("x8", CultureInfo.InvariantCulture);
}

/// <summary>What a note key signs. Spec: C2SP signed-note, signature types.</summary>
public enum NoteKeyType
{
    None = 0,

    /// <summary>The note's text.</summary>
    Ed25519 = 0x01,

    /// <summary>A time and the note's text: C2SP tlog-cosignature.</summary>
    Cosignature = 0x04,
}
