namespace CleanRoom.Storage.Objects.Remote;

/// <summary>What every store on a server takes.</summary>
public abstract class RemoteStoreOptions
{
    private protected RemoteStoreOptions()
    {
    }

    /// <summary>Gets what every key begins with.</summary>
    /// <value>Nothing, or <see cref="ObjectPrefix.Form"/>. Default nothing.</value>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>Gets the longest object that is taken.</summary>
    /// <value>Bytes, at least 1. Default 4 GiB.</value>
    public long MaxObjectBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Gets how long one request may take; it is made again three times.</summary>
    /// <value>More than nothing. Default 1 minute.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets the bytes of a part of a long object: what a member uploads, 8 MiB and its frame, goes in one piece. S3 takes 10,000 parts, none below 5 MiB
    /// but the last: 156 GiB; an Azure blob has 50,000 blocks.
    /// </summary>
    internal int PartBytes { get; init; } = 16 << 20;

    /// <summary>Gets the prefix as it stands before a key.</summary>
    internal string KeyStart => Prefix.Length == 0 ? string.Empty : Prefix + "/";

    /// <summary>Checks ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    private protected void CheckShared()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxObjectBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        if (!ObjectPrefix.IsOne(Prefix))
        {
            throw new ArgumentException($"wanted nothing or {ObjectPrefix.Form}", nameof(Prefix));
        }
    }
}
