using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>A contract that names two code endorsers, and what they sign.</summary>
public static class TestEndorsements
{
    /// <summary>The build that only an endorsement lets in.</summary>
    public const string Build = "0.2.0+test";

    /// <summary>Gets the key of whoever builds.</summary>
    public static Es256TestKey Builder { get; } = Es256TestKey.Named("code endorser, builder");

    /// <summary>Gets the key of whoever reviews.</summary>
    public static Es256TestKey Reviewer { get; } = Es256TestKey.Named("code endorser, reviewer");

    /// <summary>Gets the test contract with both as its code endorsers.</summary>
    public static Contract Agreed { get; } = With(TestContracts.First);

    /// <summary>Gets a node of <see cref="Build"/>.</summary>
    public static TestNode Later { get; } = new("later node", InsecureSimulatedMachine.OfBuild(Build));

    /// <summary>Returns a contract with both as its code endorsers.</summary>
    public static Contract With(Contract contract) => contract with
    {
        Attestation = contract.Attestation with { CodeEndorsers = [Builder.PublicKey, Reviewer.PublicKey] },
    };

    /// <summary>The endorsement of <see cref="Later"/>'s code for thirty days.</summary>
    public static CodeEndorsement Endorsement(this TestRoom room, string name = "endorsement") => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        Tuple = Later.Machine.ToReferenceTuple(),
        Reason = "a fix of the reader of files",
        NotBefore = room.Now,
        Expires = room.Now.Plus(TimeSpan.FromDays(30)),
        Nonce = TestRandom.Nonce(name),
    };

    /// <summary>Signs an endorsement by keys.</summary>
    public static Envelope By(this CodeEndorsement endorsement, params ImmutableArray<Es256TestKey> keys) => keys[0].Sign(endorsement) with
    {
        Signatures = [.. keys.SelectMany(key => key.Sign(endorsement).Signatures)],
    };

    /// <summary>Signs an endorsement by both.</summary>
    public static Envelope ByBoth(this CodeEndorsement endorsement) => endorsement.By(Builder, Reviewer);

    /// <summary>What a member brings.</summary>
    public static CodeAdmission Bring(this TestRoom room, Envelope endorsement) =>
        new() { Collaboration = room.State.Collaboration, Endorsement = new Bytes(EnvelopeCodec.Encode(endorsement)) };
}
