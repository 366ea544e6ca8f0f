namespace CleanRoom.Attesters.Endorsements;

/// <summary>The kinds of guest that Intel publishes collateral for.</summary>
public enum IntelTee
{
    /// <summary>Never used.</summary>
    None = 0,

    Sgx = 1,
    Tdx = 2,
}
