using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Browser;

/// <summary>A member's signing key that lies in an authenticator; each signature asks the person.</summary>
internal sealed class PasskeyKey(BrowserModule module, Bytes credential, Bytes publicKey) : IPasskey
{
    /// <inheritdoc/>
    public Bytes PublicKey { get; } = publicKey;

    /// <summary>Has this browser make a passkey for the page's host.</summary>
    /// <exception cref="Microsoft.JSInterop.JSException">The person, the browser or the authenticator declined.</exception>
    public static async Task<MadePasskey> MakeAsync(BrowserModule module, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(module);
        return Read(await module.CallAsync<string>("makePasskey", cancellationToken, name), PasskeyContext.Default.MadePasskey);
    }

    /// <inheritdoc/>
    public async ValueTask<PasskeyAssertion> AssertAsync(Digest challenge, CancellationToken cancellationToken) => Read(
        await module.CallAsync<string>("assertPasskey", cancellationToken, credential.ToArray(), challenge.ToArray()), PasskeyContext.Default.PasskeyAssertion);

    /// <inheritdoc/>
    public ValueTask<byte[]> SignEs256Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        throw new NotSupportedException("a passkey signs challenges alone");

    /// <inheritdoc/>
    public void Dispose()
    {
        // The key is the authenticator's: there is nothing here to let go of.
    }

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class => JsonSerializer.Deserialize(json, type) ?? throw new JsonException("wanted what an authenticator gave, got null");
}

/// <summary>A passkey that was made.</summary>
/// <param name="Credential">Its id.</param>
/// <param name="Point">Its public key: 65 bytes.</param>
internal sealed record MadePasskey(Bytes Credential, Bytes Point);

/// <summary>Reader of what the module gives.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MadePasskey))]
[JsonSerializable(typeof(PasskeyAssertion))]
internal sealed partial class PasskeyContext : JsonSerializerContext;
