namespace CleanRoom.Node.Configuration;

/// <summary>Where sealed objects are, when they are in a bucket of Amazon S3 or of a server that speaks its protocol.</summary>
public sealed class S3Options
{
    /// <summary>Gets the bucket. It is not made.</summary>
    public string Bucket { get; init; } = string.Empty;

    /// <summary>Gets what every key begins with, so that several rooms can share a bucket.</summary>
    /// <value>Default nothing.</value>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>Gets the server's address; null for that of AWS in the region.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Gets the region.</summary>
    /// <value>Default <c>us-east-1</c>.</value>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Gets the file of credentials, profile <c>default</c>, in the form that AWS's own tools read; null for those that the machine has.</summary>
    public string? CredentialsFile { get; init; }
}
