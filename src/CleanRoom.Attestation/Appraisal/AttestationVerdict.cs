namespace CleanRoom.Attestation.Appraisal;

/// <summary>How far a relying party may trust what was attested. A larger number is worse.</summary>
/// <remarks>The numbers are the trustworthiness tiers of AR4SI s.2.3.</remarks>
public enum AttestationVerdict
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>Everything was checked and is as wanted.</summary>
    Affirming = 2,

    /// <summary>Everything that was wanted holds, but this kind of evidence leaves something open.</summary>
    Warning = 32,

    /// <summary>Something that was wanted does not hold.</summary>
    Contraindicated = 96,
}

/// <summary>Text forms of <see cref="AttestationVerdict"/>.</summary>
public static class AttestationVerdicts
{
    /// <summary>Returns the word of the formats.</summary>
    public static string Word(this AttestationVerdict verdict) => verdict switch
    {
        AttestationVerdict.Affirming => "affirming",
        AttestationVerdict.Warning => "warning",
        _ => "contraindicated",
    };
}
