namespace CleanRoom.Node.Configuration;

/// <summary>What of a node runs in a process.</summary>
public enum NodeRole
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>Silo, engine and HTTP API.</summary>
    All = 1,

    /// <summary>Silo and engine; HTTP for <c>/health</c> alone.</summary>
    Silo = 2,

    /// <summary>HTTP API and portal files, as a client of the silos: no engine, no ledger, no keyring.</summary>
    Gateway = 3,
}
