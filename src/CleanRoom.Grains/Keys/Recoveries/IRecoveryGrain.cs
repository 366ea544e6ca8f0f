using System.Collections.Immutable;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Grains.Keys.Recoveries;

/// <summary>Takes the recovery of a room whose secret is lost. What a gateway may ask for. Key: the collaboration's id.</summary>
/// <remarks>Every argument is attacker-controlled: it is parsed and verified here. Releases are in this silo's memory alone.</remarks>
[GrainInterfaceType("cleanroom.recovery")]
[Alias("cleanroom.recovery")]
public interface IRecoveryGrain : IGrainWithStringKey
{
    /// <summary>Makes evidence that a member may release its share to.</summary>
    [Alias("offer")]
    Task<GrainReply<RecoveryOffered>> OfferAsync(RecoveryPapers papers, byte[] nonce);

    /// <summary>Takes a member's share; with the k-th collaborator's the room is restored.</summary>
    [Alias("release")]
    Task<GrainReply<RecoveryTaken>> ReleaseAsync(RecoveryShareReleased released);
}

/// <summary>A <see cref="RecoveryKit"/> between a gateway and a silo.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.recovery-papers")]
public sealed record RecoveryPapers(
    [property: Id(0)] byte[] Genesis,
    [property: Id(1)] byte[] Contract,
    [property: Id(2)] byte[] Shares,
    [property: Id(3)] ImmutableArray<string> Proof,
    [property: Id(4)] string Checkpoint)
{
    /// <summary>Takes a kit apart.</summary>
    public static RecoveryPapers Of(RecoveryKit kit)
    {
        ArgumentNullException.ThrowIfNull(kit);
        return new(kit.Genesis.ToArray(), kit.Contract.ToArray(), kit.Shares.ToArray(), [.. kit.Proof.Select(hash => hash.ToString())], kit.Checkpoint);
    }

    /// <summary>Puts it together.</summary>
    public RecoveryKit ToKit() => new()
    {
        Genesis = new Bytes(Genesis),
        Contract = new Bytes(Contract),
        Shares = new Bytes(Shares),
        Proof = [.. Proof.Select(Digest.Parse)],
        Checkpoint = Checkpoint,
    };
}

/// <summary>A <see cref="RecoveryReleaseRequest"/> between a gateway and a silo.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.recovery-share-released")]
public sealed record RecoveryShareReleased(
    [property: Id(0)] byte[] Delegation,
    [property: Id(1)] byte[] Statement,
    [property: Id(2)] byte[] Enc,
    [property: Id(3)] byte[] Ciphertext)
{
    /// <summary>Takes a request apart.</summary>
    public static RecoveryShareReleased Of(RecoveryReleaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new(request.Delegation.ToArray(), request.Statement.ToArray(), request.Enc.ToArray(), request.Ciphertext.ToArray());
    }

    /// <summary>Puts it together.</summary>
    public RecoveryReleaseRequest ToRequest() => new()
    {
        Delegation = new Bytes(Delegation), Statement = new Bytes(Statement), Enc = new Bytes(Enc), Ciphertext = new Bytes(Ciphertext),
    };
}

/// <summary>Evidence to release to, encoded; and who has released, of the number that it takes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.recovery-offered")]
public sealed record RecoveryOffered(
    [property: Id(0)] byte[] Attestation,
    [property: Id(1)] ImmutableArray<string> Released,
    [property: Id(2)] int Needed);

/// <summary>Who has released, of the number that it takes; and the restored log's checkpoint, or <c>none</c>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.recovery-taken")]
public sealed record RecoveryTaken(
    [property: Id(0)] ImmutableArray<string> Released,
    [property: Id(1)] int Needed,
    [property: Id(2)] string Checkpoint);
