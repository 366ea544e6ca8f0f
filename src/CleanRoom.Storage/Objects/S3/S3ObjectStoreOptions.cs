namespace CleanRoom.Storage.Objects.S3;

/// <summary>Where the bucket is and what the store takes.</summary>
public sealed class S3ObjectStoreOptions
{
    /// <summary>Gets the bucket. It is not made: who may read it, and how long it keeps what was deleted, is its owner's affair.</summary>
    public required string Bucket { get; init; }

    /// <summary>Gets what every key begins with.</summary>
    /// <value>Nothing, or <see cref="ObjectPrefix.Form"/>. Default nothing.</value>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>Gets the server's address; null for that of AWS in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the region, which is a part of what is signed.</summary>
    /// <value>Default <c>us-east-1</c>.</value>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Gets a file of credentials in the form that AWS's own tools read, of which the profile <c>default</c> is taken; null for those of the machine.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Gets the longest object that is taken.</summary>
    /// <value>Bytes, at least 1. Default 4 GiB.</value>
    public long MaxObjectBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Gets how long one request may take; it is made again three times.</summary>
    /// <value>More than nothing. Default 1 minute.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets the bytes of a part of a long object: what a member uploads, 8 MiB and its frame, goes in one piece. 10,000 parts, the most that S3 takes, of 16 MiB are 156 GiB; it takes none below 5 MiB but the last.</summary>
    internal int PartBytes { get; init; } = 16 << 20;
}
