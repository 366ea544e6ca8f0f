using CleanRoom.Engine.Sandbox;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Running;

/// <summary>The rows that a query gave.</summary>
/// <param name="Encoded">Trust: attacker-controlled; read it with <see cref="Results.EngineRows.Read"/>. Spec: contracts/spec/0012 s.4.</param>
public sealed record EngineOutput(ReadOnlyMemory<byte> Encoded);

/// <summary>How far a run is.</summary>
/// <param name="ProcessId">The engine process.</param>
/// <param name="BasisPoints">The part done as DuckDB estimates it, 0 to 10,000. Depends on data: for the owners, not the analyst.</param>
public readonly record struct EngineProgress(int ProcessId, int BasisPoints);

/// <summary>How a run ended.</summary>
/// <param name="Outcome">The rows, or <see cref="RefusalCode.QueryFailed"/> with the same words whatever went wrong.</param>
/// <param name="Failure">What went wrong, for the owners' audit log only; null when it went well.</param>
/// <param name="Sandbox">The layers that held the process.</param>
public sealed record EngineRun(Result<EngineOutput> Outcome, EngineFailure? Failure, SandboxReport Sandbox);
