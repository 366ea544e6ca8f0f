using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Storage;

public sealed class FaultyLedgerStoreTests : LedgerStoreCompliance
{
    [Theory]
    [InlineData(FaultMoment.BeforeEffect, 0)]
    [InlineData(FaultMoment.AfterEffect, 1)]
    public async Task Fault_strikes_the_named_call_once(FaultMoment moment, long lengthAfter)
    {
        var inner = new InMemoryLedgerStore();
        var plan = FaultPlan.FailCall(2, moment);
        var store = new FaultyLedgerStore(inner, plan);
        await store.LengthAsync(Room, Token);

        var append = () => store.AppendAsync(Room, 0, Rows(0, 1), "note", Token);

        (await append.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Failed);
        (await store.LengthAsync(Room, Token)).Should().Be(lengthAfter);
        plan.Calls.Should().Be(3);
    }

    [Fact]
    public async Task Caller_that_reads_again_after_a_fault_never_appends_twice()
    {
        var counting = FaultPlan.Counting();
        await AppendUntilDoneAsync(new FaultyLedgerStore(new InMemoryLedgerStore(), counting));

        foreach (var moment in (FaultMoment[])[FaultMoment.BeforeEffect, FaultMoment.AfterEffect])
        {
            for (var call = 1; call <= counting.Calls; call++)
            {
                var inner = new InMemoryLedgerStore();
                await AppendUntilDoneAsync(new FaultyLedgerStore(inner, FaultPlan.FailCall(call, moment)));
                (await ReadAllAsync(inner, Room)).Should().Equal(Rows(0, 3));
            }
        }
    }

    protected override Task<ILedgerStore> NewStoreAsync() =>
        Task.FromResult<ILedgerStore>(new FaultyLedgerStore(new InMemoryLedgerStore(), FaultPlan.Counting()));

    private static async Task AppendUntilDoneAsync(FaultyLedgerStore store)
    {
        for (long length = 0; length < 3;)
        {
            try
            {
                await store.AppendAsync(Room, length, Rows(length, 1), "note", Token);
                length = await store.LengthAsync(Room, Token);
            }
            catch (StorageException)
            {
                length = await store.LengthAsync(Room, Token);
            }
        }
    }
}
