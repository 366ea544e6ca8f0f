using CleanRoom.Cryptography;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Cluster;
using CleanRoom.Storage.Ledger;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Hosting;

/// <summary>The parts of a node that are made before its host, since making them takes time. The host owns and disposes all but the cluster's.</summary>
/// <param name="Backend">Does the cryptography.</param>
/// <param name="Ledger">Null in a gateway.</param>
/// <param name="Objects">Sealed objects.</param>
/// <param name="Identity">The keys of this process.</param>
/// <param name="Trust">What the machine gives.</param>
/// <param name="Cluster">Null in a node alone.</param>
internal sealed record NodeParts(
    ICryptoBackend Backend, ILedgerStore? Ledger, IObjectStore Objects, NodeIdentity Identity, NodeTrust Trust, ClusterParts? Cluster);
