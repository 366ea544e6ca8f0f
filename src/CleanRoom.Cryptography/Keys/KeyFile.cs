using System.Security.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Keys;

/// <summary>Keys in a file, sealed under a passphrase; the public parts can be read without it.</summary>
/// <remarks>
/// JSON: type, holder, kdf, public keys, ciphertext. The key is Argon2id(passphrase, salt) with the parameters that the format
/// fixes, so that a changed file cannot make them weaker or endless; its nonce is zero, since each file has its own salt. The
/// seal is bound to everything readable. A passphrase is UTF-8 as typed. Spec: contracts/spec/0010 s.9.
/// </remarks>
public sealed class KeyFile
{
    /// <summary>The longest file in bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    private static readonly ReadOnlyMemory<byte> s_nonce = new byte[AesGcmFormat.NonceBytes];

    private readonly KeyFileHeader _header;
    private readonly Bytes _ciphertext;

    private KeyFile(KeyFileHeader header, Bytes ciphertext) => (_header, _ciphertext) = (header, ciphertext);

    /// <summary>Gets whose keys the file holds.</summary>
    public KeyFileHolder Holder => _header.Holder;

    /// <summary>Gets the ES256 public key: 65 bytes. Authenticated only once the file is opened.</summary>
    public Bytes SignPublicKey => _header.Sign;

    /// <summary>Gets the HPKE public key: 65 bytes; null in a root key file.</summary>
    public Bytes? ReceivePublicKey => _header.Receive;

    /// <summary>Gets the Ed25519 public key: 32 bytes; null in a root key file.</summary>
    public Bytes? WitnessPublicKey => _header.Witness;

    /// <summary>Seals a member's keys.</summary>
    /// <returns>The file's bytes.</returns>
    public static async ValueTask<byte[]> SealMemberAsync(
        ICryptoBackend backend, MemberSecrets secrets, SecretBytes passphrase, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        using var witness = Ed25519Key.FromSeed(secrets.Witness);
        using var payload = secrets.Encode();
        var header = new KeyFileHeader
        {
            Holder = KeyFileHolder.Member,
            Sign = P256PublicKey.Of(secrets.Sign),
            Receive = P256PublicKey.Of(secrets.Receive),
            Witness = witness.PublicKey,
            Salt = new Bytes(RandomNumberGenerator.GetBytes(PassphraseKdf.SaltBytes)),
        };
        return await SealAsync(backend, header, payload, passphrase, cancellationToken);
    }

    /// <summary>Seals a collaborator's root key.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="rootKey">The ES256 scalar: 32 bytes.</param>
    /// <param name="passphrase">UTF-8 as typed.</param>
    /// <param name="cancellationToken">Stops before the work begins.</param>
    /// <returns>The file's bytes.</returns>
    public static ValueTask<byte[]> SealRootAsync(
        ICryptoBackend backend, SecretBytes rootKey, SecretBytes passphrase, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rootKey);
        var header = new KeyFileHeader
        {
            Holder = KeyFileHolder.Root,
            Sign = P256PublicKey.Of(rootKey),
            Receive = null,
            Witness = null,
            Salt = new Bytes(RandomNumberGenerator.GetBytes(PassphraseKdf.SaltBytes)),
        };
        return SealAsync(backend, header, rootKey, passphrase, cancellationToken);
    }

    /// <summary>Reads a file without opening it.</summary>
    /// <param name="file">At most <see cref="MaxBytes"/>; any whitespace and member order.</param>
    /// <returns>The file; or the refusals of <see cref="StrictJson.Parse"/>, or <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Result<KeyFile> Parse(ReadOnlySpan<byte> file) =>
        StrictJson.Parse(file, MaxBytes).Then(json => Read(json) is { } keyFile
            ? Result.Accept(keyFile)
            : new Refusal(
                RefusalCode.DocumentInvalid,
                $"a key file of type {Labels.KeyFile} with exactly its members and derivation parameters",
                "json that is none"));

    /// <summary>Opens a member's keys.</summary>
    /// <returns>
    /// The keys; or <see cref="RefusalCode.SealInvalid"/> when the passphrase is another or the file was changed, or
    /// <see cref="RefusalCode.DocumentInvalid"/> when it holds no member's keys.
    /// </returns>
    public async ValueTask<Result<MemberSecrets>> OpenMemberAsync(
        ICryptoBackend backend, SecretBytes passphrase, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(backend, KeyFileHolder.Member, passphrase, cancellationToken);
        if (!opened.TryGet(out var payload, out var refusals))
        {
            return refusals;
        }

        using (payload)
        {
            return MemberSecrets.Decode(payload.Span) is { } secrets ? secrets : OutOfRange();
        }
    }

    /// <summary>Opens a collaborator's root key.</summary>
    /// <returns>
    /// The ES256 scalar; or <see cref="RefusalCode.SealInvalid"/> when the passphrase is another or the file was changed, or
    /// <see cref="RefusalCode.DocumentInvalid"/> when it holds no root key.
    /// </returns>
    public async ValueTask<Result<SecretBytes>> OpenRootAsync(
        ICryptoBackend backend, SecretBytes passphrase, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(backend, KeyFileHolder.Root, passphrase, cancellationToken);
        if (!opened.TryGet(out var payload, out _) || P256PrivateKey.IsValid(payload.Span))
        {
            return opened;
        }

        payload.Dispose();
        return OutOfRange();
    }

    /// <inheritdoc/>
    public override string ToString() => $"key file of {Holder}";

    internal static async ValueTask<byte[]> SealAsync(
        ICryptoBackend backend, KeyFileHeader header, SecretBytes payload, SecretBytes passphrase, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(passphrase);
        using var key = PassphraseKdf.Derive(passphrase, header.Salt.Span);
        var ciphertext = new byte[payload.Length + AesGcmFormat.TagBytes];
        await backend.AesGcmSealAsync(key, s_nonce, header.AssociatedData(), payload.Memory, ciphertext, cancellationToken);
        return header.Encode(new Bytes(ciphertext));
    }

    private static KeyFile? Read(JsonValue json)
    {
        if (json is not JsonObject file
            || file.Find("holder") is not JsonString { Value: "member" or "root" } holder
            || file.Find("kdf") is not JsonObject kdf
            || BytesOf(kdf.Find("salt"), PassphraseKdf.SaltBytes) is not { } salt
            || BytesOf(file.Find("sign"), P256PublicKey.Length) is not { } sign)
        {
            return null;
        }

        var isRoot = string.Equals(holder.Value, "root", StringComparison.Ordinal);
        var payloadBytes = isRoot ? P256PrivateKey.Length : MemberSecrets.EncodedBytes;
        var header = new KeyFileHeader
        {
            Holder = isRoot ? KeyFileHolder.Root : KeyFileHolder.Member,
            Sign = sign,
            Receive = isRoot ? null : BytesOf(file.Find("receive"), P256PublicKey.Length),
            Witness = isRoot ? null : BytesOf(file.Find("witness"), Ed25519Key.SeedBytes),
            Salt = salt,
        };

        // Writing it again must give the same: so no member is missing, none is unknown, and the parameters are the format's.
        return (isRoot || header is { Receive: not null, Witness: not null })
            && BytesOf(file.Find("ciphertext"), payloadBytes + AesGcmFormat.TagBytes) is { } ciphertext
            && header.Encode(ciphertext).AsSpan().SequenceEqual(Jcs.Write(json))
            ? new KeyFile(header, ciphertext)
            : null;
    }

    private static Bytes? BytesOf(JsonValue? value, int length) =>
        value is JsonString text && Bytes.TryParse(text.Value, out var bytes) && bytes.Length == length ? bytes : null;

    private static Refusal OutOfRange() => new(RefusalCode.SealInvalid, "private keys in range", "one that is not");

    private async ValueTask<Result<SecretBytes>> OpenAsync(
        ICryptoBackend backend, KeyFileHolder wanted, SecretBytes passphrase, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(passphrase);
        if (Holder != wanted)
        {
            return new Refusal(
                RefusalCode.DocumentInvalid,
                wanted == KeyFileHolder.Root ? "a key file of a root key" : "a key file of a member",
                Holder == KeyFileHolder.Root ? "one of a root key" : "one of a member");
        }

        using var key = PassphraseKdf.Derive(passphrase, _header.Salt.Span);
        var payload = SecretBytes.Allocate(_ciphertext.Length - AesGcmFormat.TagBytes, out _);
        if (await backend.AesGcmOpenAsync(
            key, s_nonce, _header.AssociatedData(), _ciphertext.Memory, payload.Writable(), cancellationToken))
        {
            return payload;
        }

        payload.Dispose();
        return new Refusal(
            RefusalCode.SealInvalid, "the passphrase of this key file, unchanged", "another passphrase, or a changed file");
    }
}
