using CleanRoom.Protocol;

namespace CleanRoom.Cryptography;

/// <summary>An ES256 key inside an authenticator. It signs no bytes of a caller's choice, only a challenge among what the authenticator says itself.</summary>
/// <remarks><see cref="ISigningKey.SignEs256Async"/> throws <see cref="NotSupportedException"/>. Spec: contracts/spec/0001 s.5.2.</remarks>
public interface IPasskey : ISigningKey
{
    /// <summary>Asks the person, and has the challenge signed.</summary>
    ValueTask<PasskeyAssertion> AssertAsync(Digest challenge, CancellationToken cancellationToken);
}

/// <summary>What an authenticator gave back.</summary>
/// <param name="AuthenticatorData">37 bytes, as signed.</param>
/// <param name="ClientDataJson">The browser's text, as signed.</param>
/// <param name="Sig">64 bytes: r and s, each 32 bytes big-endian.</param>
public sealed record PasskeyAssertion(Bytes AuthenticatorData, Bytes ClientDataJson, Bytes Sig);
