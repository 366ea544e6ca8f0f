namespace CleanRoom.Client.Queries.Writing;

/// <summary>A name or keyword in a text, outside of strings and comments.</summary>
/// <param name="Start">Where it begins, in UTF-16 code units.</param>
/// <param name="Length">Its length, quotes included.</param>
/// <param name="Name">What it names: without quotes.</param>
/// <param name="IsQuoted">True for a quoted name, which is no keyword.</param>
public readonly record struct SqlWord(int Start, int Length, string Name, bool IsQuoted)
{
    /// <summary>Gets the place after it.</summary>
    public int End => Start + Length;

    /// <summary>Says whether it is this name; case tells nothing in SQL.</summary>
    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
