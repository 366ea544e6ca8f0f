namespace CleanRoom.Benchmarks.Measures;

/// <summary>A measure of work that fails is worth nothing.</summary>
internal static class Outcome
{
    /// <summary>Throws unless the work had the outcome that it must have.</summary>
    public static void Require(bool holds, string name)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{name}: the work did not have the outcome that is measured");
        }
    }
}
