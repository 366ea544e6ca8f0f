using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm.EventLog;

/// <summary>One event of a firmware's log. Spec: TCG PC Client Platform Firmware Profile s.10.2 (TCG_PCR_EVENT, TCG_PCR_EVENT2).</summary>
/// <param name="Register">The PCR, or in a CCEL the index of the measurement register: 1 to 4 for RTMR 0 to 3. -1 for none.</param>
/// <param name="Type">What the log calls it. Nothing authenticates the type.</param>
/// <param name="Digests">What was extended, by TPM_ALG_ID of the bank.</param>
/// <param name="Data">What the log says that it was. Authentic only where a digest is over it.</param>
internal sealed record TcgEvent(int Register, uint Type, ImmutableSortedDictionary<ushort, Bytes> Digests, Bytes Data)
{
    public const uint NoAction = 3;
    public const uint Separator = 4;
    public const uint NonHostInfo = 0x11;
    public const uint EfiVariableDriverConfig = 0x8000_0001;
    public const uint EfiAction = 0x8000_0007;

    /// <summary>Gets a value that says whether it was extended into its register.</summary>
    public bool IsExtended => Type != NoAction;

    /// <summary>Gets a value that says whether the digest of this type is that of the data, by the profile's table of events.</summary>
    /// <remarks>Not EV_EFI_VARIABLE_AUTHORITY, although the table has it: firmware in use hashes it in other ways. No claim is taken from it.</remarks>
    public bool IsOverData => Type is Separator or NonHostInfo or EfiVariableDriverConfig or EfiAction;

    /// <summary>Returns whether the digest of a bank is that of the data.</summary>
    public bool Matches(ushort algorithm) =>
        Digests.TryGetValue(algorithm, out var digest) && LogHash.Of(algorithm, Data.Span).AsSpan().SequenceEqual(digest.Span);
}
