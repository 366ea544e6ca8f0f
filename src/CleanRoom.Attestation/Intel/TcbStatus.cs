namespace CleanRoom.Attestation.Intel;

/// <summary>Intel's judgement of a platform. The names are Intel's and stand in claims as they are.</summary>
/// <remarks>Spec: Intel PCS API version 4, TCB info (tcbStatus); for the last two the DCAP quote verification library's results.</remarks>
internal enum TcbStatus
{
    /// <summary>Never used.</summary>
    None = 0,

    UpToDate,
    SWHardeningNeeded,
    ConfigurationNeeded,
    ConfigurationAndSWHardeningNeeded,
    OutOfDate,
    OutOfDateConfigurationNeeded,
    Revoked,
    TDRelaunchAdvised,
    TDRelaunchAdvisedConfigurationNeeded,
}

/// <summary>How judgements combine.</summary>
internal static class TcbStatuses
{
    /// <summary>Reads a status of collateral; throws for another word, since an unknown judgement is not a good one.</summary>
    public static TcbStatus Parse(string? word) => word switch
    {
        "UpToDate" => TcbStatus.UpToDate,
        "SWHardeningNeeded" => TcbStatus.SWHardeningNeeded,
        "ConfigurationNeeded" => TcbStatus.ConfigurationNeeded,
        "ConfigurationAndSWHardeningNeeded" => TcbStatus.ConfigurationAndSWHardeningNeeded,
        "OutOfDate" => TcbStatus.OutOfDate,
        "OutOfDateConfigurationNeeded" => TcbStatus.OutOfDateConfigurationNeeded,
        "Revoked" => TcbStatus.Revoked,
        _ => throw new FormatException("wanted a TCB status"),
    };

    /// <summary>Combines the platform's status with that of a part (the quoting enclave, the TDX module).</summary>
    /// <remarks>Parts are up to date, out of date or revoked; any other word is taken for out of date, which never judges too well.</remarks>
    public static TcbStatus With(this TcbStatus platform, TcbStatus part)
    {
        if (part == TcbStatus.UpToDate)
        {
            return platform;
        }

        return (platform, part) switch
        {
            (TcbStatus.Revoked, _) or (_, TcbStatus.Revoked) => TcbStatus.Revoked,
            (TcbStatus.ConfigurationNeeded or TcbStatus.ConfigurationAndSWHardeningNeeded or TcbStatus.OutOfDateConfigurationNeeded, _)
                => TcbStatus.OutOfDateConfigurationNeeded,
            _ => TcbStatus.OutOfDate,
        };
    }
}
