using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Endorsements;

/// <summary>An endorsement for people: it must not look like what all collaborators have signed.</summary>
public static class EndorsementWords
{
    /// <summary>Returns <c>code endorsed by KEYS on DATE, not named in the contract itself ...</c>, a part of a sentence.</summary>
    public static string Of(VerifiedEndorsement endorsement, Contract contract)
    {
        ArgumentNullException.ThrowIfNull(endorsement);
        ArgumentNullException.ThrowIfNull(contract);
        var (said, keys) = (endorsement.Endorsement, contract.Attestation.CodeEndorsers.Select(key => KeyId.Of(key.Span).Abbreviated));
        return $"code endorsed by {Words.List([.. keys])} on {said.NotBefore}, not named in the contract itself; it counts until {said.Expires}, because: {said.Reason}";
    }
}
