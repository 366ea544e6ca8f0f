using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>Gets what a maker says about its machines. What comes is attacker-controlled until a verifier has judged it.</summary>
public interface IEndorsementSource
{
    /// <summary>Gets one endorsement. MUST NOT ask anybody but the host of the request.</summary>
    /// <returns>
    /// The endorsement; <see cref="RefusalCode.EndorsementMissing"/> with what was wanted and what came; or <see cref="RefusalCode.Unavailable"/>
    /// when nobody answered, or only that one should wait.
    /// </returns>
    Task<Result<Endorsement>> GetAsync(EndorsementRequest request, CancellationToken cancellationToken);
}
