using CleanRoom.Cryptography;
using CleanRoom.Grains.Keys;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Datasets;

/// <summary>What taking in a dataset needs from its silo.</summary>
public sealed record IngestServices(ICryptoBackend Backend, CollaborationKeyring Keyring, IObjectStore Objects, IngestLimits Limits);
