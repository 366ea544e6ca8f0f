using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Storage;

public sealed class InMemoryObjectStoreTests : ObjectStoreCompliance
{
    protected override IObjectStore NewStore() => new InMemoryObjectStore(MaxObjectBytes);
}
