using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Client.Rooms;

/// <summary>Reads problems as refusals.</summary>
internal static class Problems
{
    public const string MediaType = "application/problem+json";

    public const int MaxBytes = 256 * 1024;

    private static readonly FrozenDictionary<string, RefusalCode> _codes =
        Enum.GetValues<RefusalCode>().Where(code => code != RefusalCode.None).ToFrozenDictionary(code => code.Slug(), StringComparer.Ordinal);

    /// <summary>What the channel itself may refuse, before there is anything to seal an answer with.</summary>
    private static readonly FrozenSet<RefusalCode> _outer = FrozenSet.Create(
        RefusalCode.ChannelInvalid, RefusalCode.BindingMismatch, RefusalCode.SealInvalid, RefusalCode.ClockWrong, RefusalCode.Replayed,
        RefusalCode.TooManyRequests, RefusalCode.DocumentTooLarge);

    /// <summary>Reads a problem from inside the channel: the room's own words.</summary>
    public static ImmutableArray<Refusal> Read(int status, string contentType, ReadOnlySpan<byte> body)
    {
        var isProblem = contentType.Split(';')[0].Trim() == MediaType;
        return isProblem && Parse(body) is { } problem
            ? [.. problem.Reasons.Select(reason => OfReason(reason))]
            : [new Refusal(RefusalCode.ChannelInvalid, "an answer or a problem", $"status {status}")];
    }

    /// <summary>Reads one reason from inside the channel; null stays null.</summary>
    [return: NotNullIfNotNull(nameof(reason))]
    public static Refusal? OfReason(ProblemReason? reason) => reason is null
        ? null
        : _codes.TryGetValue(reason.Code, out var code)
            ? new Refusal(code, reason.Wanted, reason.Got)
            : new Refusal(RefusalCode.ChannelInvalid, "a refusal code of this version", Shown(reason.Code));

    /// <summary>Reads an answer from outside the channel. Trust: anyone on the way can write it, so its words are not repeated.</summary>
    public static Refusal ReadOuter(int status, ReadOnlySpan<byte> body, params ReadOnlySpan<RefusalCode> alsoExpected)
    {
        var code = Parse(body) is { } problem && _codes.TryGetValue(problem.Reasons[0].Code, out var known)
            && (_outer.Contains(known) || alsoExpected.Contains(known))
            ? known
            : RefusalCode.Unavailable;
        return new Refusal(code, "an answer that the attested node sealed", $"status {status} from whoever answers there, {code.Slug()}");
    }

    private static Problem? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            // The serializer lets null into a list of reasons that cannot be null.
            return JsonSerializer.Deserialize(body, ApiJsonContext.Default.Problem) is { Reasons: { IsDefaultOrEmpty: false } reasons } problem
                && reasons.All(reason => reason is not null)
                ? problem
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Shown(string code) =>
        code.Length is > 0 and <= 63 && code.All(c => char.IsAsciiLetterLower(c) || c == '-') ? code : "another text";
}
