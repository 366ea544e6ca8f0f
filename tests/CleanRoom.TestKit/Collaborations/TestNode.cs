using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>A node with keys, on a simulated machine.</summary>
public sealed record TestNode(string Name, InsecureSimulatedMachine Machine)
{
    /// <summary>Gets the node whose measurement the contract accepts.</summary>
    public static TestNode First { get; } = new("node", InsecureSimulatedMachine.OfBuild(TestContracts.Build));

    /// <summary>Gets the signing key.</summary>
    public Es256TestKey Key { get; } = Es256TestKey.Named($"{Name} sign");

    /// <summary>Returns a binding of this node's keys for a purpose.</summary>
    public Binding Binding(BindingPurpose purpose, string collaboration, Bytes collaborationKey, Bytes checkpointKey, Digest contract, string checkpoint) => new()
    {
        Nonce = TestRandom.Bytes($"{Name} asker", 32),
        SigningKey = Key.PublicKey,
        SealingKey = Es256TestKey.Named($"{Name} seal").PublicKey,
        Purpose = purpose,
        Collaboration = collaboration,
        CollaborationKey = collaborationKey,
        CheckpointKey = checkpointKey,
        ContractDigest = contract,
        Checkpoint = checkpoint,
        BootId = TestRandom.Nonce($"{Name} boot"),
        Build = TestContracts.Build,
    };

    /// <summary>Returns the machine's evidence over a binding.</summary>
    public NodeAttestation Attest(Binding binding)
    {
        // The simulated machine answers at once.
        var evidence = new InsecureSimulatedAttester(Machine)
            .AttestAsync(AttestationBinding.ReportData(binding), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return new NodeAttestation { Tee = "simulated", Evidence = evidence.Evidence, Endorsements = evidence.Endorsements, Binding = binding };
    }
}
