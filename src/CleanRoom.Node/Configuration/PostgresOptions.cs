namespace CleanRoom.Node.Configuration;

/// <summary>Where the ledger is, when it is not in the node's own file.</summary>
public sealed class PostgresOptions
{
    /// <summary>Gets the file that holds the connection string, which may have a password in it: the node's user alone should read it.</summary>
    /// <value>A path. The file is one line, as Npgsql reads it, such as <c>Host=db;Username=cleanroom;Password=...;Database=cleanroom;SSL Mode=VerifyFull</c>.</value>
    public string ConnectionFile { get; init; } = string.Empty;

    /// <summary>Gets the schema that holds the ledger's tables. It is made when it is not there; one of another program refuses.</summary>
    /// <value>Default <c>cleanroom</c>.</value>
    public string Schema { get; init; } = "cleanroom";
}
