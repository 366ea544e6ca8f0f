using CleanRoom.Cryptography;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Ledger;
using CleanRoom.Policy;

namespace CleanRoom.Grains.Collaboration;

/// <summary>What a room needs from its silo.</summary>
public sealed record RoomServices(
    LedgerServices Ledger,
    CollaborationKeyring Keyring,
    NodeIdentity Node,
    QueryAnalyzer Analyzer,
    IOwnerBudgets Budgets,
    IPeerKeys Peers)
{
    /// <summary>Gets the cryptography of this silo.</summary>
    public ICryptoBackend Backend => Ledger.Backend;
}
