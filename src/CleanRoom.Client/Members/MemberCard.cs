using System.Text.Json.Serialization;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Members;

/// <summary>A member's public keys, as the member hands them to whoever holds the root key.</summary>
/// <param name="SignKey">ES256: 65 bytes.</param>
/// <param name="ReceiveKey">HPKE: 65 bytes; null for a member that opens nothing.</param>
/// <param name="WitnessKey">Ed25519: 32 bytes; null for a member that witnesses nothing.</param>
/// <param name="Passkey">Where the signing key may be used, when it is a passkey; null for a key that signs bytes.</param>
public sealed record MemberCard(
    Bytes SignKey,
    Bytes? ReceiveKey,
    Bytes? WitnessKey,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PasskeyPlace? Passkey = null)
{
    /// <summary>Returns the card of keys that this client holds.</summary>
    public static MemberCard Of(MemberKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new MemberCard(keys.Sign.PublicKey, keys.Receive.PublicKey, keys.Witness.PublicKey);
    }
}

/// <summary>Where a passkey signs: a browser shows it to no page of another host.</summary>
/// <param name="RpId">The relying party id: the page's host.</param>
/// <param name="Origin">The page's origin, such as <c>http://localhost:8480</c>.</param>
public sealed record PasskeyPlace(string RpId, string Origin);
