using CleanRoom.Protocol;

namespace CleanRoom.Cli;

/// <summary>Exit codes of every verb.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Usage = 1;

    /// <summary>The program itself is at fault.</summary>
    public const int Bug = 70;

    /// <summary>Returns the code of a refusal: 1 usage, 2 signature or proof, 3 endorsements, 4 revoked, 5 policy, 6 network or store.</summary>
    public static int Of(RefusalCode code) => code switch
    {
        RefusalCode.EndorsementMissing => 3,
        RefusalCode.Revoked or RefusalCode.MemberRevoked => 4,
        >= RefusalCode.SignatureMissing and < RefusalCode.ContractInvalid => 2,
        >= RefusalCode.ContractInvalid and < RefusalCode.ChannelInvalid => 5,
        >= RefusalCode.ChannelInvalid => 6,
        _ => Usage,
    };
}
