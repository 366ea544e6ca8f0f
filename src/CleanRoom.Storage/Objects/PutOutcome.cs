namespace CleanRoom.Storage.Objects;

/// <summary>How a put ended.</summary>
public enum PutOutcome
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>The object is durable under its name.</summary>
    Stored = 1,

    /// <summary>The same bytes were there before and are durable.</summary>
    AlreadyStored = 2,

    /// <summary>Other bytes are under this name; they stay.</summary>
    ContentConflict = 3,

    /// <summary>The content is longer than the store takes; nothing was kept.</summary>
    TooLarge = 4,
}
