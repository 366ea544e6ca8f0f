namespace CleanRoom.Storage;

/// <summary>What went wrong in a store.</summary>
public enum StorageFailure
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>No space, or the configured size is reached. Nothing was written.</summary>
    Full = 1,

    /// <summary>Another process held the store for longer than the busy timeout. Nothing was written.</summary>
    Locked = 2,

    /// <summary>The store is not one of ours, or lacks what it once held.</summary>
    Damaged = 3,

    /// <summary>A newer program wrote the store.</summary>
    NewerSchema = 4,

    /// <summary>The named object is not there.</summary>
    NotFound = 5,

    /// <summary>The store may only be read.</summary>
    ReadOnly = 6,

    /// <summary>Any other failure of the disk, the file system or the server.</summary>
    Failed = 7,
}
