using CleanRoom.Storage.Ledger;

namespace CleanRoom.Node.Tests.Storage;

/// <summary>What a store must do besides that several processes may have open at once.</summary>
public abstract class SharedLedgerStoreCompliance : LedgerStoreCompliance
{
    [Fact]
    public async Task Append_by_two_processes_at_one_sequence_lets_exactly_one_win()
    {
        var (first, second) = (await OpenSharedAsync(), await OpenSharedAsync());

        for (var sequence = 0; sequence < 20; sequence++)
        {
            var outcomes = await Task.WhenAll(
                first.AppendAsync(Room, sequence, [Row(sequence, "first")], "note first", Token),
                second.AppendAsync(Room, sequence, [Row(sequence, "second")], "note second", Token));

            outcomes.Should().BeEquivalentTo([AppendOutcome.Appended, AppendOutcome.SequenceConflict]);
            var winner = outcomes[0] == AppendOutcome.Appended ? "first" : "second";
            (await first.ReadAsync(Room, sequence, sequence + 1, Token).ToListAsync(Token)).Should().Equal(Row(sequence, winner));
            (await second.LatestCheckpointAsync(Room, Token)).Should().Be(new StoredCheckpoint(sequence + 1, $"note {winner}"));
        }
    }

    /// <summary>Opens the one store of the test once more, as another process would; the implementing class disposes it.</summary>
    protected abstract Task<ILedgerStore> OpenSharedAsync();
}
