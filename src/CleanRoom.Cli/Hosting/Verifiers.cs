using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Evidence;
#if CLEANROOM_INSECURE
using CleanRoom.Attestation.Insecure;
#endif

namespace CleanRoom.Cli.Hosting;

/// <summary>The kinds of evidence that this build can verify. The simulated one is in a build with CleanRoomInsecure=true only.</summary>
internal static class Verifiers
{
    public static ImmutableArray<IEvidenceVerifier> All { get; } =
#if CLEANROOM_INSECURE
        [.. EvidenceVerifiers.All, new InsecureSimulatedVerifier()];
#else
        EvidenceVerifiers.All;
#endif
}
