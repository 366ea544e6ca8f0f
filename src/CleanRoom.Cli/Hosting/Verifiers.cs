using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
#if CLEANROOM_INSECURE
using CleanRoom.Attestation.Insecure;
#endif
using CleanRoom.Attestation.Tpm;

namespace CleanRoom.Cli.Hosting;

/// <summary>The kinds of evidence that this build can verify. The simulated one is in a build with CleanRoomInsecure=true only.</summary>
internal static class Verifiers
{
    public static ImmutableArray<IEvidenceVerifier> All { get; } =
#if CLEANROOM_INSECURE
        [new InsecureSimulatedVerifier(), new TpmVerifier()];
#else
        [new TpmVerifier()];
#endif
}
