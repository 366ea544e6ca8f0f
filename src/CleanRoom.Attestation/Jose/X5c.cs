using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Attestation.Certificates;

namespace CleanRoom.Attestation.Jose;

/// <summary>Reads the member <c>x5c</c> of JWS headers and of JWKs. Spec: RFC 7515 s.4.1.6; RFC 7517 s.4.7.</summary>
internal static class X5c
{
    /// <summary>Returns the certificates, leaf first; empty when the member is absent, null when it cannot be read or holds too many.</summary>
    public static ImmutableArray<Certificate>? Read(JsonElement owner, int most)
    {
        if (owner.At("x5c") is { ValueKind: not JsonValueKind.Array } || owner.TextsAt("x5c") is not { } texts || texts.Length > most)
        {
            return null;
        }

        var certificates = texts.Select(One).ToImmutableArray();
        return certificates.Contains(null) ? null : certificates.OfType<Certificate>().ToImmutableArray();
    }

    private static Certificate? One(string text)
    {
        var der = new byte[Certificate.MaxBytes];
        return Convert.TryFromBase64String(text, der, out var length) ? Certificate.Parse(der.AsSpan(0, length)) : null;
    }
}
