namespace CleanRoom.Engine.Wire;

/// <summary>What a frame says. Requests are below 64, replies from 64 on. Spec: contracts/spec/0012 s.3.</summary>
internal enum FrameKind : byte
{
    /// <summary>Never sent.</summary>
    None = 0,

    /// <summary>Parse the SQL of the payload.</summary>
    Parse = 1,

    /// <summary>Bind the SQL on an empty instance; the payload is the DDL, then the SQL.</summary>
    Bind = 2,

    /// <summary>Descriptors of the inputs ride on this frame.</summary>
    Inputs = 3,

    /// <summary>Run the SQL of the payload over the inputs.</summary>
    Run = 4,

    /// <summary>The engine stands; the header holds its sandbox report.</summary>
    Ready = 64,

    /// <summary>The payload is the JSON that a parse or bind gave.</summary>
    Text = 65,

    /// <summary>The payload is the rows that a run gave, encoded (contracts/spec/0012 s.4).</summary>
    Result = 66,

    /// <summary>The request failed; the payload is DuckDB's text, which may hold row values.</summary>
    Failed = 67,

    /// <summary>How far the run is.</summary>
    Progress = 68,
}
