using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>Takes a copy of every secret key that a profile's pages make or import, so that a test can look for them elsewhere.</summary>
/// <remarks>It stands in WebCrypto's place: what it makes is extractable for a moment, and handed on as it was asked for.</remarks>
internal sealed class KeyTap
{
    private const string Script =
        """
        (() => {
          const subtle = SubtleCrypto.prototype;
          const { importKey, generateKey, exportKey } = subtle;
          const tell = bytes => window.tapKey(Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, "0")).join(""));
          const secret = async key => {
            const { d } = await exportKey.call(crypto.subtle, "jwk", key);
            tell(Uint8Array.from(atob(d.replaceAll("-", "+").replaceAll("_", "/")), char => char.charCodeAt(0)));
          };
          subtle.importKey = function (format, data, algorithm, extractable, usages) {
            if (format === "raw" && ["AES-GCM", "HKDF"].includes(algorithm.name ?? algorithm)) tell(data);
            const imported = importKey.call(this, format, data, algorithm, extractable, usages);
            if (format === "pkcs8") importKey.call(this, format, data.slice(), algorithm, true, usages).then(secret);
            return imported;
          };
          subtle.generateKey = async function (algorithm, extractable, usages) {
            const pair = await generateKey.call(this, algorithm, true, usages);
            await secret(pair.privateKey);
            const encoded = await exportKey.call(this, "pkcs8", pair.privateKey);
            return { publicKey: pair.publicKey, privateKey: await importKey.call(this, "pkcs8", encoded, algorithm, extractable, pair.privateKey.usages) };
          };
        })();
        """;

    private readonly ConcurrentDictionary<string, bool> _keys = new(StringComparer.Ordinal);

    private KeyTap()
    {
    }

    /// <summary>Gets the keys so far: 32 bytes each.</summary>
    public IEnumerable<byte[]> Keys => _keys.Keys.Select(Convert.FromHexString);

    /// <summary>Begins to listen in a profile, before its first page.</summary>
    public static async Task<KeyTap> InAsync(IBrowserContext profile)
    {
        var tap = new KeyTap();
        await profile.ExposeFunctionAsync("tapKey", (string hex) => tap._keys.TryAdd(hex, true));
        await profile.AddInitScriptAsync(Script);
        return tap;
    }
}
