using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>What a silo does for its peers with the secrets that it holds. Key: the silo's address; it lives there and nowhere else.</summary>
/// <remarks>
/// A handover is two calls, so that the evidence answers a nonce of the holder: an offer, and the admission that follows from it. What of it leaves the
/// holder is sealed to the key in that evidence. Spec: contracts/spec/0021.
/// </remarks>
[GrainInterfaceType("cleanroom.key-holder")]
[Alias("cleanroom.key-holder")]
public interface IKeyHolderGrain : IGrainWithStringKey, IInternalGrain
{
    /// <summary>Says what the asker's evidence has to be bound to.</summary>
    [Alias("offer")]
    Task<GrainReply<HandoverOffer>> OfferAsync(string collaboration);

    /// <summary>Takes the asker's admission, an encoded envelope, into the ledger, and hands over the secret.</summary>
    [Alias("hand-over")]
    Task<GrainReply<HandedOver>> HandOverAsync(string collaboration, byte[] admission);

    /// <summary>Gives a nonce for the secret of a budget log.</summary>
    [Alias("offer-budget")]
    Task<GrainReply<byte[]>> OfferBudgetAsync(string log);

    /// <summary>Hands over the secret of a budget log to a node of this fleet, by its encoded attestation.</summary>
    [Alias("hand-over-budget")]
    Task<GrainReply<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation);

    /// <summary>Says what this silo knows of a log; refused when it does not hold the secret.</summary>
    [Alias("vouch")]
    [ResponseTimeout("00:00:05")]
    Task<GrainReply<VouchReply>> VouchAsync(string collaboration);

    /// <summary>Remembers how long a log is.</summary>
    [Alias("see")]
    [ResponseTimeout("00:00:02")]
    Task SeeAsync(string collaboration, long size, string root);

    /// <summary>Zeroes a collaboration's keys on this silo, removes its sealed copy and certifies it, for which a TPM takes a second or two.</summary>
    [Alias("forget")]
    [ResponseTimeout("00:00:10")]
    Task ForgetAsync(string collaboration, RoomSubject? ended);

    /// <summary>Zeroes the columns of a collaboration that runs on this silo have left in clear; what a run reads at present, at its end.</summary>
    [Alias("let-columns-go")]
    [ResponseTimeout("00:00:02")]
    Task LetColumnsGoAsync(string collaboration);

    /// <summary>Says what time this silo's clock shows, in milliseconds since 1970.</summary>
    [Alias("clock")]
    [ResponseTimeout("00:00:02")]
    Task<long> ClockAsync();
}

/// <summary>What the evidence for a handover must be bound to.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.handover-offer")]
public sealed record HandoverOffer([property: Id(0)] byte[] Nonce, [property: Id(1)] RoomSubject Subject);

/// <summary>A secret sealed to the node that asked, and where the log stands.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.handed-over")]
public sealed record HandedOver(
    [property: Id(0)] byte[] Enc,
    [property: Id(1)] byte[] Ciphertext,
    [property: Id(2)] long Size,
    [property: Id(3)] string Root);

/// <summary>A <see cref="Vouch"/> between silos.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.vouch")]
public sealed record VouchReply(
    [property: Id(0)] bool IsFresh,
    [property: Id(1)] long Size,
    [property: Id(2)] string Root,
    [property: Id(3)] GrainRefusal? Halted)
{
    /// <summary>Takes a vouch apart.</summary>
    public static VouchReply Of(Vouch vouch)
    {
        ArgumentNullException.ThrowIfNull(vouch);
        return new(vouch.IsFresh, vouch.Seen.Size, vouch.Seen.Root.ToString(), vouch.Halted?.ToGrain());
    }

    /// <summary>Puts it together.</summary>
    public Vouch ToVouch() => new(IsFresh, new LogMark(Size, Digest.Parse(Root)), Halted?.ToRefusal());
}
