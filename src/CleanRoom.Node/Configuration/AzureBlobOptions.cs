namespace CleanRoom.Node.Configuration;

/// <summary>Where sealed objects are, when they are in a container of Azure Blob Storage.</summary>
public sealed class AzureBlobOptions
{
    /// <summary>Gets the file that holds the connection string of the storage account, which has a key or a signature in it: the node's user alone should read it.</summary>
    public string ConnectionFile { get; init; } = string.Empty;

    /// <summary>Gets the container. It is not made.</summary>
    public string Container { get; init; } = string.Empty;

    /// <summary>Gets what every blob's name begins with, so that several rooms can share a container.</summary>
    /// <value>Default nothing.</value>
    public string Prefix { get; init; } = string.Empty;
}
