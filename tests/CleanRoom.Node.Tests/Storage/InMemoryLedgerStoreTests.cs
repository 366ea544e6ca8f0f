using CleanRoom.Storage.Ledger;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Storage;

public sealed class InMemoryLedgerStoreTests : LedgerStoreCompliance
{
    protected override Task<ILedgerStore> NewStoreAsync() => Task.FromResult<ILedgerStore>(new InMemoryLedgerStore());
}
