using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Measures what is about to run, as a boot loader does.</summary>
public static class TpmMeasurement
{
    /// <summary>Extends a PCR of the SHA-256 bank: its value becomes SHA-256 over the value and the digest.</summary>
    /// <remarks>Spec: TPM 2.0 Library Part 3, TPM2_PCR_Extend.</remarks>
    /// <param name="pcr">0 to 23.</param>
    /// <exception cref="AttesterException">The TPM cannot be reached, or refused.</exception>
    public static async ValueTask ExtendAsync(TpmAccess tpm, int pcr, Digest digest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tpm);
        ArgumentOutOfRangeException.ThrowIfNegative(pcr);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pcr, PcrSelection.MaxPcrs);
        await tpm.UseAsync(
            async client =>
            {
                using var request = TpmRequest.WithEmptyPassword(TpmCommand.PcrExtend, (uint)pcr);
                request.Parameters.U32(1).U16(TpmConstants.Sha256).Raw(digest.ToArray());
                return await client.SendAsync(request);
            },
            cancellationToken);
    }
}
