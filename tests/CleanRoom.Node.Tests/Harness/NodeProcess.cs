using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Destructions;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>One start of a node: its keys and what it has in memory.</summary>
internal sealed class NodeProcess(Machine machine, RoomServices services, BudgetKeyring budgets) : IDisposable
{
    public Machine Machine { get; } = machine;

    public RoomServices Services { get; } = services;

    /// <summary>Gets the other nodes that this one knows of.</summary>
    public required InProcessPeers Peers { get; init; }

    /// <summary>Gets what this node does for others.</summary>
    public required InProcessHolder Holder { get; init; }

    /// <summary>Gets what this node does for nodes of another build.</summary>
    public required InProcessOther Other { get; init; }

    /// <summary>Gets the certificates of what was erased.</summary>
    public required DestructionRecords Destructions { get; init; }

    /// <summary>Gets what runs have left in clear for the next ones.</summary>
    public required KeptColumns Kept { get; init; }

    /// <summary>Gets the secrets of budget logs.</summary>
    public BudgetKeyring BudgetKeys { get; } = budgets;

    public InProcessBudgets Budgets => (InProcessBudgets)Services.Budgets;

    /// <summary>Founds a room for a contract, as the keyring grain does, with everybody's delegation and the proposal.</summary>
    public async Task<Result<CollaborationRoom>> FoundAsync(Contract contract)
    {
        var stop = CancellationToken.None;
        var keys = await Services.Keyring.GenerateAsync(stop);
        var digest = DocumentCodec.DigestOf(contract);
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(32));
        var collaboration = CollaborationId.Of(digest, keys.Sealing.PublicKey, keys.Checkpoint.PublicKey, nonce);
        var subject = new BindingSubject
        {
            Nonce = nonce,
            Purpose = BindingPurpose.Genesis,
            Collaboration = collaboration,
            CollaborationKey = keys.Sealing.PublicKey,
            CheckpointKey = keys.Checkpoint.PublicKey,
            ContractDigest = digest,
            Checkpoint = "none",
        };
        var genesis = new Genesis
        {
            Collaboration = collaboration,
            ContractDigest = digest,
            SealingKey = keys.Sealing.PublicKey,
            CheckpointKey = keys.Checkpoint.PublicKey,
            Nonce = nonce,
            Attestation = await Services.Node.AttestAsync(subject, stop),
        };
        await Services.Keyring.AdoptAsync(collaboration, keys, stop);
        var envelope = await EnvelopeSigner.SignAsync(Services.Node.Keys.Sign, genesis, stop);
        ImmutableArray<Envelope> first = [.. TestPeople.All.Select(member => member.Delegate()), TestPeople.Ada.Sign(contract)];
        return await CollaborationRoom.CreateAsync(collaboration, envelope, first, Services, stop);
    }

    /// <summary>Opens a room of the store.</summary>
    public Task<Result<CollaborationRoom>> OpenAsync(string collaboration) =>
        CollaborationRoom.OpenAsync(collaboration, Services, CancellationToken.None);

    public void Dispose()
    {
        Kept.Dispose();
        Services.Keyring.Dispose();
        BudgetKeys.Dispose();
        Services.Node.Dispose();
    }
}
