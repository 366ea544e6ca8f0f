using CleanRoom.Cryptography;
using CleanRoom.Grains.Keys;
using CleanRoom.Storage.Ledger;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Hosting;

/// <summary>The parts of a node that are made before its host, since making them takes time. The host owns and disposes them.</summary>
internal sealed record NodeParts(ICryptoBackend Backend, ILedgerStore Ledger, IObjectStore Objects, NodeIdentity Identity, NodeTrust Trust);
