using CleanRoom.Protocol.Json;

namespace CleanRoom.Policy.Verdicts;

/// <summary>What an owner would write into a rule so that a query passes it. After it the contract is still a valid one.</summary>
/// <param name="Place">The rule.</param>
/// <param name="Kind">What is done to it.</param>
/// <param name="Operand">What is added, taken away or set; null for <see cref="RuleEditKind.Clear"/>.</param>
internal sealed record RuleEdit(RulePlace Place, RuleEditKind Kind, JsonValue? Operand)
{
    public static RuleEdit Add(RulePlace place, string item) => new(place, RuleEditKind.Add, item);

    public static RuleEdit Remove(RulePlace place, string item) => new(place, RuleEditKind.Remove, item);

    public static RuleEdit Set(RulePlace place, long value) => new(place, RuleEditKind.Set, value);

    public static RuleEdit Clear(RulePlace place) => new(place, RuleEditKind.Clear, null);
}

/// <summary>What is done to a rule.</summary>
internal enum RuleEditKind
{
    Unknown = 0,
    Add = 1,
    Remove = 2,
    Set = 3,
    Clear = 4,
}
