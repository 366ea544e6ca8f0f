using System.Text;
using CleanRoom.Client.Members;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Portal.Browser;
using CleanRoom.Protocol;
using Microsoft.JSInterop;

namespace CleanRoom.Portal.Features.Keys;

/// <summary>The keys of this browser: non-extractable, kept in IndexedDB by the JavaScript module. Spec: contracts/spec/0004.</summary>
internal sealed class KeyChain(BrowserModule module, WebCryptoBackend backend, TimeProvider time)
{
    /// <summary>Lists the public sides, by name.</summary>
    public async Task<IReadOnlyList<KeyFacts>> ListAsync(CancellationToken cancellationToken)
    {
        var kept = await module.CallAsync<string[]>("listKeys", cancellationToken);
        return [.. kept.Select(KeyFacts.Decode).OrderBy(facts => facts.Id, StringComparer.Ordinal)];
    }

    /// <summary>Makes a member's three keys, or a collaborator's root key, and keeps them.</summary>
    public async Task<Result<KeyFacts>> CreateAsync(KeyHolder holder, CancellationToken cancellationToken)
    {
        if (holder.WhyNotNamed() is { } misnamed)
        {
            return misnamed;
        }

        using var sign = await backend.GenerateAsync(WebCryptoBackend.Sign, cancellationToken);
        using var receive = holder.Member is null ? null : await backend.GenerateAsync(WebCryptoBackend.Receive, cancellationToken);
        using var witness = holder.Member is null ? null : await backend.GenerateAsync(WebCryptoBackend.Witness, cancellationToken);
        return await KeepAsync(holder, new HeldKeys(sign, receive, witness), isImported: false, cancellationToken);
    }

    /// <summary>Makes a member's keys, the signing key of which is a passkey of this page's host.</summary>
    /// <param name="holder">A member.</param>
    /// <param name="page">The page's own address.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The public sides; or <see cref="RefusalCode.NotPermitted"/> when the page has no host name, or nobody confirmed.</returns>
    public async Task<Result<KeyFacts>> CreatePasskeyAsync(KeyHolder holder, Uri page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (holder.WhyNotNamed() is { } misnamed)
        {
            return misnamed;
        }

        if (page.HostNameType != UriHostNameType.Dns)
        {
            return new Refusal(
                RefusalCode.NotPermitted, $"a page with a host name, such as {new UriBuilder(page) { Host = "localhost", Path = "/portal/" }.Uri}", $"{page.Host}, for which browsers make no passkey");
        }

        if ((await ListAsync(cancellationToken)).Any(known => known.Holder == holder))
        {
            return Known(holder);
        }

        MadePasskey made;
        try
        {
            made = await PasskeyKey.MakeAsync(module, holder.ToString(), cancellationToken);
        }
        catch (JSException)
        {
            return new Refusal(RefusalCode.NotPermitted, "a passkey that the person confirmed", "none");
        }

        using var receive = await backend.GenerateAsync(WebCryptoBackend.Receive, cancellationToken);
        using var witness = await backend.GenerateAsync(WebCryptoBackend.Witness, cancellationToken);
        var passkey = new PasskeyFacts(made.Credential, page.Host, page.GetLeftPart(UriPartial.Authority));
        return await KeepAsync(holder, new HeldKeys(Sign: null, receive, witness) { Passkey = (made.Point, passkey) }, isImported: false, cancellationToken);
    }

    /// <summary>Opens a key file of the command line and keeps its keys, from then on non-extractable.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="passphrase">As typed.</param>
    /// <param name="holder">Whose keys they are: the file does not say.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The public sides; or why the file or the passphrase is none.</returns>
    public async Task<Result<KeyFacts>> ImportAsync(byte[] file, string passphrase, KeyHolder holder, CancellationToken cancellationToken)
    {
        if (holder.WhyNotNamed() is { } misnamed)
        {
            return misnamed;
        }

        if (!KeyFile.Parse(file).TryGet(out var keys, out var refusals))
        {
            return refusals;
        }

        using var secret = SecretBytes.CopyOf(Encoding.UTF8.GetBytes(passphrase));
        return holder.Member is null
            ? await ImportRootAsync(keys, secret, holder, cancellationToken)
            : await ImportMemberAsync(keys, secret, holder, cancellationToken);
    }

    /// <summary>Makes a member's keys ready for use. The caller disposes them.</summary>
    public async Task<MemberIdentity> OpenAsync(KeyFacts facts, CancellationToken cancellationToken)
    {
        var keys = new MemberKeys(
            facts.Passkey is { } passkey ? new PasskeyKey(module, passkey.Credential, facts.Sign) : await HeldAsync(facts, WebCryptoBackend.Sign, cancellationToken),
            await HeldAsync(facts, WebCryptoBackend.Receive, cancellationToken),
            await HeldAsync(facts, WebCryptoBackend.Witness, cancellationToken));
        return new MemberIdentity(facts.Collaborator, facts.Member ?? throw new ArgumentException("wanted a member's keys, got a root key", nameof(facts)), keys);
    }

    /// <summary>Makes a root key ready for use. The caller disposes it.</summary>
    public async Task<ISigningKey> OpenRootAsync(KeyFacts facts, CancellationToken cancellationToken) =>
        await HeldAsync(facts, WebCryptoBackend.Sign, cancellationToken);

    /// <summary>Forgets keys for good.</summary>
    public async Task RemoveAsync(KeyFacts facts, CancellationToken cancellationToken) =>
        await module.CallAsync<object?>("removeKeys", cancellationToken, facts.Id);

    private Task<HeldKey> HeldAsync(KeyFacts facts, string use, CancellationToken cancellationToken) =>
        HeldKey.TakeAsync(module, "heldKey", cancellationToken, facts.Id, use);

    private async Task<Result<KeyFacts>> ImportRootAsync(
        KeyFile file, SecretBytes passphrase, KeyHolder holder, CancellationToken cancellationToken)
    {
        if (!(await file.OpenRootAsync(backend, passphrase, cancellationToken)).TryGet(out var scalar, out var refusals))
        {
            return refusals;
        }

        using (scalar)
        {
            using var sign = await backend.ImportP256Async(WebCryptoBackend.Sign, scalar, cancellationToken);
            return await KeepAsync(holder, new HeldKeys(sign, Receive: null, Witness: null), isImported: true, cancellationToken);
        }
    }

    private async Task<Result<KeyFacts>> ImportMemberAsync(
        KeyFile file, SecretBytes passphrase, KeyHolder holder, CancellationToken cancellationToken)
    {
        if (!(await file.OpenMemberAsync(backend, passphrase, cancellationToken)).TryGet(out var secrets, out var refusals))
        {
            return refusals;
        }

        using (secrets)
        {
            using var sign = await backend.ImportP256Async(WebCryptoBackend.Sign, secrets.Sign, cancellationToken);
            using var receive = await backend.ImportP256Async(WebCryptoBackend.Receive, secrets.Receive, cancellationToken);
            using var witness = await backend.ImportWitnessAsync(secrets.Witness, cancellationToken);
            return await KeepAsync(holder, new HeldKeys(sign, receive, witness), isImported: true, cancellationToken);
        }
    }

    private async Task<Result<KeyFacts>> KeepAsync(KeyHolder holder, HeldKeys keys, bool isImported, CancellationToken cancellationToken)
    {
        var facts = new KeyFacts
        {
            Collaborator = holder.Collaborator,
            Member = holder.Member,
            Sign = keys.Passkey?.Point ?? keys.Sign!.PublicKey, // One of the two was made.
            Receive = keys.Receive?.PublicKey,
            Witness = keys.Witness?.PublicKey,
            Since = Timestamp.From(time.GetUtcNow()),
            IsImported = isImported,
            Passkey = keys.Passkey?.Facts,
        };
        if ((await ListAsync(cancellationToken)).Any(known => known.Id == facts.Id))
        {
            return Known(holder);
        }

        try
        {
            await module.CallAsync<object?>("addKeys", cancellationToken, facts.Id, facts.Encode(), keys.Sign?.Handle, keys.Receive?.Handle, keys.Witness?.Handle);
            return facts;
        }
        catch (JSException)
        {
            return new Refusal(RefusalCode.StorageFailed, "a browser store that keeps keys", "one that did not, as in a private window");
        }
    }

    private static Refusal Known(KeyHolder holder) =>
        new(RefusalCode.DocumentInvalid, $"no keys of {holder} in this browser yet", "keys that are there; forget them first if they are not needed");

    private sealed record HeldKeys(HeldKey? Sign, HeldKey? Receive, HeldKey? Witness)
    {
        public (Bytes Point, PasskeyFacts Facts)? Passkey { get; init; }
    }
}
