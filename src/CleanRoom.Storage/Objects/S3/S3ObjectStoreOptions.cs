using CleanRoom.Storage.Objects.Remote;

namespace CleanRoom.Storage.Objects.S3;

/// <summary>Where the bucket is and what the store takes.</summary>
public sealed class S3ObjectStoreOptions : RemoteStoreOptions
{
    /// <summary>Gets the bucket. It is not made: who may read it, and how long it keeps what was deleted, is its owner's affair.</summary>
    public required string Bucket { get; init; }

    /// <summary>Gets the server's address; null for that of AWS in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the region, which is a part of what is signed.</summary>
    /// <value>Default <c>us-east-1</c>.</value>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Gets a file of credentials in the form that AWS's own tools read, of which the profile <c>default</c> is taken; null for those of the machine.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Checks ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Bucket);
        ArgumentException.ThrowIfNullOrEmpty(Region);
        CheckShared();
    }
}
