using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Attestation.Peers;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Destructions;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Ledger;
using CleanRoom.Grains.Partitions;
using CleanRoom.Node.Peers;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Ledger;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;
using Microsoft.Extensions.Logging.Abstractions;
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

    /// <summary>How datasets are taken in.</summary>
    public IngestLimits Ingest { get; init; } = new();

    /// <summary>What runs may keep in clear.</summary>
    public RunLimits Runs { get; init; } = new();

    /// <summary>Nodes of two builds append to the logs.</summary>
    public bool IsRolling { get; init; }

    /// <summary>What keeps counters of logs for the next node that is started.</summary>
    public IMachineCounter Counter { get; set; } = new NoMachineCounter("a machine without a tpm");

    /// <summary>Starts a node over what the host holds now.</summary>
    public Task<NodeProcess> StartAsync() => StartAsync(TestContracts.Build, Ledger);

    /// <summary>Starts a node of another build.</summary>
    public Task<NodeProcess> StartAsync(string build) => StartAsync(build, Ledger);

    /// <summary>Starts a node over a copy that the host keeps.</summary>
    public Task<NodeProcess> StartAsync(ILedgerStore copy) => StartAsync(TestContracts.Build, copy);

    /// <summary>Starts a node of a cluster over what the host holds now: on a machine of its own, with a TEE of its own.</summary>
    /// <param name="name">The machine's name; the same again is the same machine after a restart.</param>
    /// <param name="build">What runs on it.</param>
    /// <param name="clock">Its clock; null for the one that all others have.</param>
    public Task<NodeProcess> StartPeerAsync(string name, string build = TestContracts.Build, TimeProvider? clock = null) =>
        StartAsync(build, Ledger, name, Path.Combine(_sealing.Path, name), clock ?? Time);

    public void Dispose() => _sealing.Dispose();

    private Task<NodeProcess> StartAsync(string build, ILedgerStore store) => StartAsync(build, store, machine: string.Empty, _sealing.Path, Time);

    private async Task<NodeProcess> StartAsync(string build, ILedgerStore store, string machine, string sealing, TimeProvider time)
    {
        var peers = new InProcessPeers();
        var secrets = new SealedSecrets(new InsecureFileSealer(sealing, Backend), store, machine);
        IReadOnlyList<IEvidenceVerifier> verifiers = [new InsecureSimulatedVerifier()];
        var attester = new InsecureSimulatedAttester(InsecureSimulatedMachine.OfBuild(build));
        var identity = await NodeIdentity.CreateAsync(Backend, attester, build, CancellationToken.None);
        peers.Requester = new KeyRequester(identity, Backend);
        var records = new DestructionRecords(identity, store, time, NullLogger<DestructionRecords>.Instance);
        var keyring = new CollaborationKeyring(Backend, secrets, store, peers, Counter, records);
        var fold = new FoldServices(new SignatureVerifier(), new LedgerNodeAppraiser(verifiers), new PrivacyLimits());
        var ledger = new LedgerServices(store, Backend, fold, time, Counter, new LedgerClock(time, peers)) { HasOtherWriters = IsRolling };
        var budgets = new BudgetKeyring(secrets, peers);
        var own = await identity.AttestAsync(BindingSubject.Admission(TestRandom.Nonce(build)), CancellationToken.None);
        var fleet = new PeerFleet(FleetPolicy.Of(own, Timestamp.From(time.GetUtcNow()), verifiers).Value, verifiers);
        var kept = new KeptColumns(Runs, time);
        var holder = new KeyHolder(ledger, keyring, budgets, fleet);
        return new NodeProcess(
            this, new RoomServices(ledger, keyring, identity, Engine.Analyzer, new InProcessBudgets(ledger, budgets, identity), peers), budgets)
        {
            Destructions = records,
            Peers = peers,
            Kept = kept,
            Holder = new InProcessHolder(holder, keyring, kept),
            Other = new InProcessOther(new OtherBuildHolder(
                holder, new BudgetRooms(ledger, keyring, budgets, identity), NullLogger<OtherBuildHolder>.Instance)),
        };
    }
}
