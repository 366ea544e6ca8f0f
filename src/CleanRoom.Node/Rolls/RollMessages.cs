using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Rolls;

/// <summary>What two builds say to each other, and in which form: JSON of a version of its own, since neither knows what the other's grains say.</summary>
/// <remarks>Nothing of it may not be seen by a stranger but what is sealed. Spec: contracts/spec/0021 s.8.</remarks>
internal static class RollMessages
{
    /// <summary>The form of the messages. Another one is refused before a body is read.</summary>
    public const string Wire = "1";

    /// <summary>The header that names the form, in questions and answers.</summary>
    public const string WireHeader = "CleanRoom-Wire";

    /// <summary>Most bytes of a message: evidence with its endorsements, in base64 twice.</summary>
    public const int MaxBytes = 4 << 20;

    public const string Offer = "handover/offer";
    public const string HandOver = "handover/hand-over";
    public const string OfferBudget = "handover/offer-budget";
    public const string HandOverBudget = "handover/hand-over-budget";

    /// <summary>Says why a message is not read; null when its form is known.</summary>
    public static Refusal? WhyOther(string? wire) => wire == Wire
        ? null
        : new(RefusalCode.DocumentInvalid, $"handover messages of version {Wire}", wire is { Length: > 0 and <= 16 } ? $"version {wire}" : "no version");
}

/// <summary>A question.</summary>
/// <param name="Log">The collaboration's id, or the budget log's.</param>
/// <param name="Document">The encoded admission or attestation; null where an offer is asked for.</param>
internal sealed record RollQuestion(string Log, byte[]? Document);

/// <summary>An answer: refusals, or what the question was for.</summary>
internal sealed record RollAnswer
{
    public ImmutableArray<RollRefusal> Refusals { get; init; } = [];

    /// <summary>Gets the nonce of an offer.</summary>
    public byte[]? Nonce { get; init; }

    /// <summary>Gets what evidence has to be bound to, in the offer of a collaboration's secret.</summary>
    public RoomSubject? Subject { get; init; }

    /// <summary>Gets the sealed secret: HPKE's encapsulated key.</summary>
    public byte[]? Enc { get; init; }

    /// <summary>Gets the sealed secret: the ciphertext.</summary>
    public byte[]? Ciphertext { get; init; }

    public static RollAnswer Refuse(ImmutableArray<Refusal> refusals) =>
        new() { Refusals = [.. refusals.Select(refusal => new RollRefusal((int)refusal.Code, refusal.Wanted, refusal.Got))] };
}

/// <summary>A refusal of the other build, whose list of codes may be longer.</summary>
internal sealed record RollRefusal(int Code, string Wanted, string Got)
{
    private const int MaxText = 1_000;

    public Refusal ToRefusal() => new(
        Enum.IsDefined((RefusalCode)Code) && Code != 0 ? (RefusalCode)Code : RefusalCode.Unavailable, Shown(Wanted), Shown(Got));

    /// <summary>What another build says goes into this node's log: short, and in one line.</summary>
    private static string Shown(string text) =>
        string.Concat((text ?? string.Empty).Take(MaxText).Select(character => char.IsControl(character) ? ' ' : character));
}

/// <summary>Reader and writer of the messages.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RollQuestion))]
[JsonSerializable(typeof(RollAnswer))]
internal sealed partial class RollContext : JsonSerializerContext;
