namespace CleanRoom.Engine.Running;

/// <summary>Why an engine gave nothing. For the owners' audit log only.</summary>
public enum EngineFailureKind
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>The wall clock ran out and the process was killed.</summary>
    Timeout = 1,

    /// <summary>The memory limit was reached.</summary>
    Memory = 2,

    /// <summary>DuckDB refused or failed.</summary>
    Sql = 3,

    /// <summary>The rows are more bytes than the query may give.</summary>
    OutputTooLarge = 4,

    /// <summary>The process ended by itself or was killed from outside.</summary>
    Ended = 5,

    /// <summary>The process sent what no engine sends.</summary>
    Protocol = 6,

    /// <summary>The DDL of a bind request was refused.</summary>
    Schema = 7,

    /// <summary>DuckDB could not open or read its inputs.</summary>
    Input = 8,
}

/// <summary>Why an engine gave nothing, in detail. For the owners' audit log only: an analyst learns <c>query-failed</c> and no more.</summary>
/// <param name="Kind">Which way it failed.</param>
/// <param name="Detail">DuckDB's own text or what was measured. May hold row values. Trust: attacker-controlled.</param>
public sealed record EngineFailure(EngineFailureKind Kind, string Detail)
{
    /// <summary>Returns the kind alone, so that a log line cannot hold a row value.</summary>
    public override string ToString() => Kind.ToString();
}
