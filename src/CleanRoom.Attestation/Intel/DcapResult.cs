using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>What the checks that SGX and TDX share came to.</summary>
/// <param name="Anchor">The root that the PCK's chain ended in; null when there is no chain.</param>
/// <param name="Platform">Intel's judgement of the platform; null when collateral was missing or no level fitted.</param>
/// <param name="ValidUntil">When the first certificate, list or collateral that was needed lapses; it counts only where nothing failed.</param>
/// <param name="Failures">All failures; both of the above are there when it is empty.</param>
internal sealed record DcapResult(TrustAnchor? Anchor, PlatformJudgement? Platform, Timestamp? ValidUntil, ImmutableArray<FailedCheck> Failures);
