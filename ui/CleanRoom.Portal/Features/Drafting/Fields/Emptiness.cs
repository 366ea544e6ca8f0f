namespace CleanRoom.Portal.Features.Drafting.Fields;

/// <summary>What an empty field writes.</summary>
public enum Emptiness
{
    /// <summary>An empty text.</summary>
    Text = 0,

    /// <summary>The word null.</summary>
    Null = 1,

    /// <summary>No member.</summary>
    Absent = 2,
}
