using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Jose;

/// <summary>When a token was made and until when it holds; seconds since 1970. Spec: RFC 7519 s.4.1.4 to s.4.1.6.</summary>
/// <param name="IssuedAt"><c>iat</c>.</param>
/// <param name="NotBefore"><c>nbf</c>.</param>
/// <param name="Expires"><c>exp</c>.</param>
internal sealed record TokenTimes(long IssuedAt, long NotBefore, long Expires)
{
    /// <summary>How far the clocks of issuer and asker may differ: 60 seconds, before and after.</summary>
    public const long SkewSeconds = 60;

    /// <summary>Gets <c>exp</c> as a moment.</summary>
    public Timestamp ValidUntil => Timestamp.From(DateTimeOffset.FromUnixTimeSeconds(Expires));

    /// <summary>Reads the three; null when one is missing, negative or beyond the year 9999.</summary>
    public static TokenTimes? Read(JsonElement payload) =>
        Moment(payload, "iat") is { } issued && Moment(payload, "nbf") is { } from && Moment(payload, "exp") is { } until
            ? new TokenTimes(issued, from, until)
            : null;

    /// <summary>Returns what is wrong at a moment: <c>token-validity</c>, <c>token-issued</c>, <c>token-lifetime</c>.</summary>
    /// <param name="mostSeconds">The longest life that the issuer gives.</param>
    public IEnumerable<FailedCheck> Failures(Timestamp at, long mostSeconds)
    {
        var now = at.Value.ToUnixTimeSeconds();
        if (now < NotBefore - SkewSeconds || now >= Expires + SkewSeconds)
        {
            yield return Failed("token-validity", $"a token that is valid at {now}", $"one from {NotBefore} to {Expires}");
        }

        if (IssuedAt > now + SkewSeconds)
        {
            yield return Failed("token-issued", $"a token made before {now}", $"{IssuedAt}");
        }

        var life = Expires - Math.Min(IssuedAt, NotBefore);
        if (life <= 0 || life > mostSeconds)
        {
            yield return Failed("token-lifetime", $"1 to {mostSeconds} seconds", $"{life}");
        }
    }

    private static long? Moment(JsonElement payload, string name) =>
        payload.IntegerAt(name) is { } seconds and >= 0 and <= 253_402_300_799 ? seconds : null;

    private static FailedCheck Failed(string check, string wanted, string got) => new(RefusalCode.EvidenceInvalid, check, wanted, got);
}
