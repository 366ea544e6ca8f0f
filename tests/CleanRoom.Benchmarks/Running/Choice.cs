namespace CleanRoom.Benchmarks.Running;

/// <summary>How much is measured, and what.</summary>
/// <param name="Tier"><c>quick</c> or <c>full</c>.</param>
/// <param name="Only">The beginning of the names.</param>
internal sealed record Choice(string Tier, string Only)
{
    /// <summary>Gets a value that says whether the figures are those that are committed.</summary>
    public bool IsFull => Tier == "full";

    /// <summary>Says whether a measure of this name is wanted.</summary>
    public bool Wants(string name) => name.StartsWith(Only, StringComparison.Ordinal);

    /// <summary>Reads <c>[--tier quick|full] [--only NAME]</c>.</summary>
    /// <returns>False for anything else.</returns>
    public static bool TryParse(ReadOnlySpan<string> args, out Choice choice)
    {
        choice = new Choice("quick", string.Empty);
        for (var i = 0; i < args.Length; i += 2)
        {
            switch (args[i], i + 1 < args.Length ? args[i + 1] : null)
            {
                case ("--tier", "quick" or "full"):
                    choice = choice with { Tier = args[i + 1] };
                    break;
                case ("--only", { } name):
                    choice = choice with { Only = name };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
