using Npgsql;

namespace CleanRoom.Storage.Ledger.Postgres;

/// <summary>Where the PostgreSQL ledger is and how long a call may take.</summary>
public sealed class PostgresLedgerOptions
{
    /// <summary>What the name of a schema looks like, in words.</summary>
    public const string SchemaForm = "1 to 63 lower-case ascii letters, digits and '_', a letter first";

    // The longest name in PostgreSQL, in bytes.
    private const int MaxSchemaLength = 63;

    /// <summary>Gets the connection string, as Npgsql reads it. It may hold a password, so it is never printed.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Gets the schema that holds the tables. It is made when it is not there.</summary>
    /// <value>1 to 63 lower-case ASCII letters, digits and <c>_</c>, beginning with a letter. Default <c>cleanroom</c>.</value>
    public string Schema { get; init; } = "cleanroom";

    /// <summary>Gets how long a call waits for a lock that another process holds.</summary>
    /// <value>1 millisecond to 1 minute. Default 5 seconds.</value>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how long the server may take for one statement before the call fails.</summary>
    /// <value>1 second to 10 minutes, in whole seconds. Default 30 seconds.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Says whether a text can be the name of a schema here: it needs no quotes anywhere.</summary>
    public static bool IsSchemaName(string? name) => name is { Length: > 0 and <= MaxSchemaLength }
        && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <inheritdoc/>
    public override string ToString() => $"schema {Schema}; connection [redacted]";

    /// <summary>Checks ranges and returns what the driver is given.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal NpgsqlConnectionStringBuilder Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(ConnectionString);
        if (!IsSchemaName(Schema))
        {
            throw new ArgumentException($"wanted a schema's name of {SchemaForm}", nameof(Schema));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(BusyTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BusyTimeout, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(CommandTimeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CommandTimeout, TimeSpan.FromMinutes(10));
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new(ConnectionString);
        }
        catch (ArgumentException)
        {
            // The driver quotes what it cannot read, and that may be a password.
            throw new ArgumentException("wanted a connection string that Npgsql reads", nameof(ConnectionString));
        }

        builder.CommandTimeout = (int)CommandTimeout.TotalSeconds;
        builder.PersistSecurityInfo = false;
        builder.IncludeErrorDetail = false;
        builder.SearchPath = Schema;

        // The server may be set to acknowledge commits that are not on its disk; these sessions are not.
        builder.Options = $"{builder.Options} -c synchronous_commit=on -c lock_timeout={(int)BusyTimeout.TotalMilliseconds}".TrimStart();
        return builder;
    }
}
