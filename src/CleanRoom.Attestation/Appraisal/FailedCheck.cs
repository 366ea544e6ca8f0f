using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>One check that failed.</summary>
/// <param name="Code">The refusal that it leads to.</param>
/// <param name="Check">The name of the check, as listed in contracts/spec/0006 s.6.</param>
/// <param name="Wanted">Lower case; the value or rule that was wanted.</param>
/// <param name="Got">Lower case; what was found.</param>
public sealed record FailedCheck(RefusalCode Code, string Check, string Wanted, string Got)
{
    /// <summary>A check of form, signature or chain that failed: <see cref="RefusalCode.EvidenceInvalid"/>.</summary>
    internal static FailedCheck Invalid(string check, string wanted, string got) => new(RefusalCode.EvidenceInvalid, check, wanted, got);

    /// <summary>Returns the refusal; what was wanted begins with the check's name.</summary>
    public Refusal ToRefusal() => new(Code, $"{Check} {Wanted}", Got);
}
