namespace CleanRoom.Attesters.Endorsements;

/// <summary>The authorities that certify provisioning keys.</summary>
public enum IntelPckIssuer
{
    /// <summary>Never used.</summary>
    None = 0,

    Platform = 1,
    Processor = 2,
}
