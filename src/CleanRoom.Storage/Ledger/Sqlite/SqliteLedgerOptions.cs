namespace CleanRoom.Storage.Ledger.Sqlite;

/// <summary>Where the SQLite ledger is and what it may take.</summary>
public sealed class SqliteLedgerOptions
{
    /// <summary>Gets the path of the database file. Its directory is created, readable by its owner only.</summary>
    public required string Path { get; init; }

    /// <summary>Gets how long a call waits while another process writes.</summary>
    /// <value>1 millisecond to 1 minute. Default 5 seconds. The driver rounds the whole wait up to at least one second.</value>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the size that the database file may reach; a write beyond it fails as a full disk does.</summary>
    /// <value>Bytes, at least 65,536, rounded down to whole pages of 4,096. Default null: as much as the disk holds.</value>
    public long? MaxSizeBytes { get; init; }

    /// <summary>Checks ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(BusyTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BusyTimeout, TimeSpan.FromMinutes(1));
        if (MaxSizeBytes is { } size)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 65_536);
        }
    }
}
