using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Dsse;

/// <summary>Checks that an authenticator signed a challenge for one of a member's origins.</summary>
/// <remarks>Spec: W3C Web Authentication Level 3, s.7.2 steps 9 to 21; contracts/spec/0001 s.5.2.</remarks>
internal static class WebAuthnAssertion
{
    /// <summary>Relying party id hash, flags, counter. Longer data means extensions or key data, which are never asked for.</summary>
    public const int AuthenticatorDataLength = 37;

    /// <summary>The largest client data, in bytes.</summary>
    public const int MaxClientDataBytes = 4096;

    private const int FlagsOffset = 32;

    [Flags]
    private enum AuthenticatorFlags : byte
    {
        None = 0,
        UserPresent = 0x01,
        UserVerified = 0x04,
        BackupEligible = 0x08,
        BackedUp = 0x10,
    }

    /// <summary>Checks client data, authenticator data and signature. The signature counter is not used: passkeys keep it at zero.</summary>
    /// <returns>The challenge, or <see cref="RefusalCode.SignatureInvalid"/> for the first check that failed.</returns>
    public static Result<Digest> Verify(Digest challenge, EnvelopeSignature signature, SignKey key, ISignatureVerifier verifier)
    {
        if (signature is not { AuthenticatorData: { } authenticatorData, ClientDataJson: { } clientDataJson } || key.RpId is null)
        {
            return Invalid("authenticator data, client data and a relying party id", "less");
        }

        return WebAuthnClientData.Parse(clientDataJson.Span)
            .Then(clientData => CheckClientData(clientData, challenge, key))
            .Then(_ => CheckAuthenticatorData(authenticatorData.Span, key))
            .Then(_ => CheckSignature(authenticatorData.Span, clientDataJson.Span, signature.Sig.Span, key, verifier)
                ? challenge
                : Invalid("a signature over authenticator data and client data", "one over something else"));
    }

    private static Result<WebAuthnClientData> CheckClientData(WebAuthnClientData clientData, Digest challenge, SignKey key)
    {
        if (!string.Equals(clientData.Type, "webauthn.get", StringComparison.Ordinal))
        {
            return Invalid<WebAuthnClientData>("client data of type webauthn.get", "another type");
        }

        if (!string.Equals(clientData.Challenge, Base64Url.EncodeToString(challenge.ToArray()), StringComparison.Ordinal))
        {
            return Invalid<WebAuthnClientData>("the challenge of this payload", "another challenge");
        }

        if (!key.Origins.Contains(clientData.Origin, StringComparer.Ordinal))
        {
            return Invalid<WebAuthnClientData>("one of the key's origins", "another origin");
        }

        return clientData.IsCrossOrigin
            ? Invalid<WebAuthnClientData>("a page of that origin itself", "one that is framed by another origin")
            : clientData;
    }

    private static Result<Digest> CheckAuthenticatorData(ReadOnlySpan<byte> data, SignKey key)
    {
        if (data.Length != AuthenticatorDataLength)
        {
            return Invalid($"{AuthenticatorDataLength} bytes of authenticator data", $"{data.Length}");
        }

        var rpIdHash = new Digest(data[..FlagsOffset]);
        if (rpIdHash != Digest.Of(Encoding.UTF8.GetBytes(key.RpId!))) // Not null: checked by the caller.
        {
            return Invalid("the key's relying party id", "another");
        }

        const AuthenticatorFlags known = AuthenticatorFlags.UserPresent | AuthenticatorFlags.UserVerified
            | AuthenticatorFlags.BackupEligible | AuthenticatorFlags.BackedUp;
        var flags = (AuthenticatorFlags)data[FlagsOffset];
        if ((flags & ~known) != 0
            || (flags.HasFlag(AuthenticatorFlags.BackedUp) && !flags.HasFlag(AuthenticatorFlags.BackupEligible)))
        {
            return Invalid("flags without reserved bits, key data or extensions", $"flags {data[FlagsOffset]:x2}");
        }

        if (!flags.HasFlag(AuthenticatorFlags.UserPresent))
        {
            return Invalid("a present user", "no user");
        }

        return key.UserVerification && !flags.HasFlag(AuthenticatorFlags.UserVerified)
            ? Invalid("a verified user", "a user who was only present")
            : rpIdHash;
    }

    private static bool CheckSignature(
        ReadOnlySpan<byte> authenticatorData,
        ReadOnlySpan<byte> clientDataJson,
        ReadOnlySpan<byte> signature,
        SignKey key,
        ISignatureVerifier verifier) =>
        verifier.VerifyEs256(key.PublicKey.Span, [.. authenticatorData, .. SHA256.HashData(clientDataJson)], signature);

    private static Result<Digest> Invalid(string wanted, string got) => Invalid<Digest>(wanted, got);

    private static Result<T> Invalid<T>(string wanted, string got)
        where T : notnull => Result.Refuse<T>(RefusalCode.SignatureInvalid, wanted, got);
}
