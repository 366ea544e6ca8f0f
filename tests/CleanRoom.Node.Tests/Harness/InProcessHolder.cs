using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A key holder grain without a silo. Tests may change what its peers get to see.</summary>
internal sealed class InProcessHolder(KeyHolder holder, CollaborationKeyring keyring, KeptColumns kept) : IKeyHolderGrain
{
    /// <summary>Gets or sets what happens to an admission on its way to the holder.</summary>
    public Func<byte[], Task<byte[]>> OnAdmission { get; set; } = Task.FromResult;

    /// <summary>Gets or sets what happens to a handed-over secret on its way to the asker.</summary>
    public Func<HandedOver, Task<HandedOver>> OnHanded { get; set; } = Task.FromResult;

    /// <summary>Gets or sets a value that says whether it hears that something was taken back.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Gets how often it was told that something was taken back, whether or not it heard it.</summary>
    public int Told { get; private set; }

    public async Task<GrainReply<HandoverOffer>> OfferAsync(string collaboration) =>
        (await holder.OfferAsync(collaboration, CancellationToken.None)).ToReply();

    public async Task<GrainReply<HandedOver>> HandOverAsync(string collaboration, byte[] admission) =>
        await ChangedAsync(await holder.HandOverAsync(collaboration, await OnAdmission(admission), CancellationToken.None));

    public Task<GrainReply<byte[]>> OfferBudgetAsync(string log) =>
        Task.FromResult(holder.OfferBudget(log).Then(nonce => Result.Accept(nonce.ToArray())).ToReply());

    public async Task<GrainReply<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation) =>
        await ChangedAsync(await holder.HandOverBudgetAsync(log, await OnAdmission(attestation), CancellationToken.None));

    public Task<GrainReply<VouchReply>> VouchAsync(string collaboration) =>
        Task.FromResult(holder.Vouch(collaboration).Then(vouch => Result.Accept(VouchReply.Of(vouch))).ToReply());

    public Task SeeAsync(string collaboration, long size, string root)
    {
        holder.See(collaboration, new LogMark(size, Digest.Parse(root)));
        return Task.CompletedTask;
    }

    public Task ForgetAsync(string collaboration, RoomSubject? ended) => keyring.ForgetAsync(collaboration, ended, CancellationToken.None);

    public Task LetColumnsGoAsync(string collaboration)
    {
        Told++;
        if (IsCutOff)
        {
            throw new TimeoutException();
        }

        kept.Forget(collaboration);
        return Task.CompletedTask;
    }

    public Task<long> ClockAsync() => Task.FromResult(holder.Clock.Value.ToUnixTimeMilliseconds());

    private async Task<GrainReply<HandedOver>> ChangedAsync(Result<HandedOver> handed) =>
        (handed.IsAccepted ? await OnHanded(handed.Value) : handed).ToReply();
}
