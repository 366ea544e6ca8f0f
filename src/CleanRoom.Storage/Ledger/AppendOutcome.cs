namespace CleanRoom.Storage.Ledger;

/// <summary>How an append ended.</summary>
public enum AppendOutcome
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>The rows and the checkpoint are durable.</summary>
    Appended = 1,

    /// <summary>The log's length was not the expected one; nothing was changed.</summary>
    SequenceConflict = 2,
}
