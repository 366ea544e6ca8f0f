using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Storage;

public sealed class InMemoryObjectStoreTests : ObjectStoreCompliance
{
    protected override Task<IObjectStore> NewStoreAsync() => Task.FromResult<IObjectStore>(new InMemoryObjectStore(MaxObjectBytes));
}
