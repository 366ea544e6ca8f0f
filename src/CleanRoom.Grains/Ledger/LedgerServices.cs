using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Grains.Ledger;

/// <summary>What a log needs from outside.</summary>
public sealed record LedgerServices(ILedgerStore Store, ICryptoBackend Backend, FoldServices Fold, TimeProvider Time, IMachineCounter Counter, LedgerClock Clock);
