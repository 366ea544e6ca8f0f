using CleanRoom.Storage;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Storage;

public sealed class FaultyObjectStoreTests : ObjectStoreCompliance
{
    [Theory]
    [InlineData(FaultMoment.BeforeEffect, false)]
    [InlineData(FaultMoment.AfterEffect, true)]
    public async Task Fault_strikes_the_named_call_and_a_retry_is_safe(FaultMoment moment, bool there)
    {
        var inner = new InMemoryObjectStore(MaxObjectBytes);
        var store = new FaultyObjectStore(inner, FaultPlan.FailCall(1, moment));

        var put = () => PutAsync(store, Content(10));

        await put.Should().ThrowAsync<StorageException>();
        (await inner.ExistsAsync(ObjectContainer.Uploads, Name, Token)).Should().Be(there);
        (await PutAsync(store, Content(10))).Should().Be(there ? PutOutcome.AlreadyStored : PutOutcome.Stored);
    }

    protected override Task<IObjectStore> NewStoreAsync() => Task.FromResult<IObjectStore>(new FaultyObjectStore(new InMemoryObjectStore(MaxObjectBytes), FaultPlan.Counting()));
}
