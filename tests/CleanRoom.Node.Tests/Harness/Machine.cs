using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Ledger;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Ledger;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>What outlives a node's process: the host's stores, its clock, and the simulated TEE's sealing key.</summary>
internal sealed class Machine : IDisposable
{
    private readonly TemporaryDirectory _sealing = new();

    public Machine(EngineParts engine)
    {
        Engine = engine;
        Ledger = new HostLedger(new InMemoryLedgerStore(), Hooks);
        Objects = new HostObjects(new InMemoryObjectStore(64 << 20), Hooks);
    }

    public EngineParts Engine { get; }

    public HostHooks Hooks { get; } = new();

    public HostLedger Ledger { get; }

    public HostObjects Objects { get; }

    public FakeTimeProvider Time { get; } = new(TestRoom.Empty.Now.Value);

    public BclCryptoBackend Backend { get; } = new();

    /// <summary>Starts a node over what the host holds now.</summary>
    public Task<NodeProcess> StartAsync() => StartAsync(TestContracts.Build, Ledger);

    /// <summary>Starts a node of another build.</summary>
    public Task<NodeProcess> StartAsync(string build) => StartAsync(build, Ledger);

    /// <summary>Starts a node over a copy that the host keeps.</summary>
    public Task<NodeProcess> StartAsync(ILedgerStore copy) => StartAsync(TestContracts.Build, copy);

    public void Dispose() => _sealing.Dispose();

    private async Task<NodeProcess> StartAsync(string build, ILedgerStore store)
    {
        var sealer = new InsecureFileSealer(_sealing.Path, Backend);
        var keyring = new CollaborationKeyring(Backend, sealer, store);
        var attester = new InsecureSimulatedAttester(InsecureSimulatedMachine.OfBuild(build));
        var identity = await NodeIdentity.CreateAsync(Backend, attester, build, CancellationToken.None);
        var fold = new FoldServices(new SignatureVerifier(), new LedgerNodeAppraiser([new InsecureSimulatedVerifier()]), new PrivacyLimits());
        var ledger = new LedgerServices(store, Backend, fold, Time);
        var budgets = new BudgetKeyring(sealer, store);
        return new NodeProcess(
            this, new RoomServices(ledger, keyring, identity, Engine.Analyzer, new InProcessBudgets(ledger, budgets, identity)), budgets);
    }
}
