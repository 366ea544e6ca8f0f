using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Grains.Ledger;

/// <summary>What a log needs from outside.</summary>
public sealed record LedgerServices(ILedgerStore Store, ICryptoBackend Backend, FoldServices Fold, TimeProvider Time, IMachineCounter Counter, LedgerClock Clock)
{
    /// <summary>Gets a value that says whether nodes that are no members of this cluster append to the logs too, and tell nobody here: those of another build, while rooms move.</summary>
    public bool HasOtherWriters { get; init; }
}
