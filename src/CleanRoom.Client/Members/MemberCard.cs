using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Members;

/// <summary>A member's public keys, as the member hands them to whoever holds the root key.</summary>
/// <param name="SignKey">ES256: 65 bytes.</param>
/// <param name="ReceiveKey">HPKE: 65 bytes; null for a member that opens nothing.</param>
/// <param name="WitnessKey">Ed25519: 32 bytes; null for a member that witnesses nothing.</param>
public sealed record MemberCard(Bytes SignKey, Bytes? ReceiveKey, Bytes? WitnessKey)
{
    /// <summary>Returns the card of keys that this client holds.</summary>
    public static MemberCard Of(MemberKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new MemberCard(keys.Sign.PublicKey, keys.Receive.PublicKey, keys.Witness.PublicKey);
    }
}
