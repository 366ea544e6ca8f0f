using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Cli;

/// <summary>Exit codes of every verb.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Usage = 1;
    public const int Signature = 2;
    public const int Endorsement = 3;
    public const int Revoked = 4;
    public const int Policy = 5;
    public const int Network = 6;

    /// <summary>A mistake in this program.</summary>
    public const int Bug = 70;

    /// <summary>Which code stands for several refusals: what is forged weighs more than what is not allowed.</summary>
    private static readonly ImmutableArray<int> _weight = [Signature, Revoked, Endorsement, Policy, Network, Usage];

    /// <summary>Returns the code of a refusal: 1 usage, 2 signature or proof, 3 endorsements, 4 revoked, 5 policy, 6 network or store.</summary>
    public static int Of(RefusalCode code) => code switch
    {
        RefusalCode.EndorsementMissing => Endorsement,
        RefusalCode.Revoked or RefusalCode.MemberRevoked => Revoked,
        RefusalCode.EvidenceNotAccepted or RefusalCode.InsecureNotAllowed => Policy,
        >= RefusalCode.SignatureMissing and < RefusalCode.ContractInvalid => Signature,
        >= RefusalCode.ContractInvalid and < RefusalCode.ChannelInvalid => Policy,
        >= RefusalCode.ChannelInvalid => Network,
        _ => Usage,
    };

    /// <summary>Returns the code of several refusals: the weightiest of theirs.</summary>
    public static int Of(ImmutableArray<Refusal> refusals)
    {
        var codes = refusals.Select(refusal => Of(refusal.Code)).ToHashSet();
        return _weight.First(codes.Contains);
    }
}
