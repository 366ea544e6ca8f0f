using System.Collections.Immutable;

namespace CleanRoom.Attestation.Intel;

/// <summary>Intel's judgement of a platform, its quoting enclave and its TDX module together.</summary>
/// <param name="Status">The worst of the three.</param>
/// <param name="Date">The day of the oldest TCB of the three, UTC.</param>
/// <param name="Advisories">The advisories of the three, sorted.</param>
/// <param name="EvaluationNumber">The lower evaluation number of the two documents.</param>
internal sealed record PlatformJudgement(TcbStatus Status, DateTime Date, ImmutableArray<string> Advisories, int EvaluationNumber);
