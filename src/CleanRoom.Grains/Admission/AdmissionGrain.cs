namespace CleanRoom.Grains.Admission;

/// <summary>Counts the requests of a room's members over all gateways of a cluster. Key: the collaboration's id. Nothing is kept beyond an activation.</summary>
[GrainInterfaceType("cleanroom.admission")]
[Alias("cleanroom.admission")]
public interface IAdmissionGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="RequestShares.Take"/>
    [Alias("take")]
    Task<ShareGrant> TakeAsync(string member, int wanted, ShareLimits limits);
}

/// <summary>The shell around <see cref="RequestShares"/>.</summary>
internal sealed class AdmissionGrain(TimeProvider time) : Grain, IAdmissionGrain
{
    private readonly RequestShares _shares = new(time);

    public Task<ShareGrant> TakeAsync(string member, int wanted, ShareLimits limits) => Task.FromResult(_shares.Take(member, wanted, limits));
}
