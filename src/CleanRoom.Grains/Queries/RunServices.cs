using CleanRoom.Cryptography;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Partitions;
using CleanRoom.Policy;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Queries;

/// <summary>What runs need from their silo.</summary>
public sealed record RunServices(
    ICryptoBackend Backend, QueryAnalyzer Analyzer, CollaborationKeyring Keyring, IObjectStore Objects, RunLimits Limits, TimeProvider Time);
