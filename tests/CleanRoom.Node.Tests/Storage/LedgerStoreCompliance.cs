using System.Text;
using CleanRoom.Storage.Ledger;
using CsCheck;

namespace CleanRoom.Node.Tests.Storage;

/// <summary>What every <see cref="ILedgerStore"/> must do. A new implementation derives from this and adds nothing here.</summary>
public abstract class LedgerStoreCompliance
{
    protected const string Room = "collaboration-a";
    protected const string OtherRoom = "collaboration-b";

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Returns an empty store; the implementing class disposes it.</summary>
    protected abstract Task<ILedgerStore> NewStoreAsync();

    [Fact]
    public async Task Append_to_an_empty_log_keeps_rows_and_checkpoint()
    {
        var store = await NewStoreAsync();

        var outcome = await store.AppendAsync(Room, 0, Rows(0, 3), "note 3", Token);

        outcome.Should().Be(AppendOutcome.Appended);
        (await ReadAllAsync(store, Room)).Should().Equal(Rows(0, 3));
        (await store.LengthAsync(Room, Token)).Should().Be(3);
        (await store.LatestCheckpointAsync(Room, Token)).Should().Be(new StoredCheckpoint(3, "note 3"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Append_with_another_length_than_expected_conflicts_and_changes_nothing(long expected)
    {
        var store = await NewStoreAsync();
        await store.AppendAsync(Room, 0, Rows(0, 2), "note 2", Token);

        var outcome = await store.AppendAsync(Room, expected, Rows(expected, 1, "other"), "other note", Token);

        outcome.Should().Be(AppendOutcome.SequenceConflict);
        (await ReadAllAsync(store, Room)).Should().Equal(Rows(0, 2));
        (await store.LatestCheckpointAsync(Room, Token)).Should().Be(new StoredCheckpoint(2, "note 2"));
    }

    [Fact]
    public async Task Append_by_many_writers_at_one_sequence_lets_exactly_one_win()
    {
        const int Writers = 16;
        var store = await NewStoreAsync();
        using var start = new Barrier(Writers);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Token);
                return store.AppendAsync(Room, 0, Rows(0, 2, $"writer {writer}"), $"note {writer}", Token);
            },
            Token,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        outcomes.Should().ContainSingle(outcome => outcome == AppendOutcome.Appended);
        var winner = Array.IndexOf(outcomes, AppendOutcome.Appended);
        (await ReadAllAsync(store, Room)).Should().Equal(Rows(0, 2, $"writer {winner}"));
        (await store.LatestCheckpointAsync(Room, Token)).Should().Be(new StoredCheckpoint(2, $"note {winner}"));
    }

    [Fact]
    public async Task Append_to_one_collaboration_leaves_the_others()
    {
        var store = await NewStoreAsync();
        await store.AppendAsync(Room, 0, Rows(0, 2, "a"), "note a", Token);

        (await store.AppendAsync(OtherRoom, 0, Rows(0, 1, "b"), "note b", Token)).Should().Be(AppendOutcome.Appended);

        (await ReadAllAsync(store, Room)).Should().Equal(Rows(0, 2, "a"));
        (await ReadAllAsync(store, OtherRoom)).Should().Equal(Rows(0, 1, "b"));
        (await store.LatestCheckpointAsync(Room, Token)).Should().Be(new StoredCheckpoint(2, "note a"));
    }

    [Fact]
    public async Task Append_with_a_cancelled_token_changes_nothing()
    {
        var store = await NewStoreAsync();

        var append = () => store.AppendAsync(Room, 0, Rows(0, 1), "note", new CancellationToken(canceled: true));

        await append.Should().ThrowAsync<OperationCanceledException>();
        (await store.LengthAsync(Room, Token)).Should().Be(0);
    }

    [Fact]
    public async Task Append_of_anything_outside_the_limits_is_a_caller_bug()
    {
        var store = await NewStoreAsync();
        Func<Task>[] calls =
        [
            () => store.AppendAsync(Room, 0, [], "note", Token),
            () => store.AppendAsync(Room, 0, [Row(1, "gap")], "note", Token),
            () => store.AppendAsync(Room, 0, [Row(0, "a"), Row(2, "gap")], "note", Token),
            () => store.AppendAsync(Room, -1, [Row(-1, "a")], "note", Token),
            () => store.AppendAsync(Room, 0, [new SealedRow(0, default)], "note", Token),
            () => store.AppendAsync(Room, 0, [new SealedRow(0, new byte[LedgerLimits.MaxRowBytes + 1])], "note", Token),
            () => store.AppendAsync(Room, 0, Rows(0, LedgerLimits.MaxRowsPerAppend + 1), "note", Token),
            () => store.AppendAsync(Room, 0, Rows(0, 1), "", Token),
            () => store.AppendAsync(Room, 0, Rows(0, 1), new string('n', LedgerLimits.MaxNoteLength + 1), Token),
            () => store.AppendAsync("", 0, Rows(0, 1), "note", Token),
            () => store.AppendAsync("a b", 0, Rows(0, 1), "note", Token),
            () => store.AppendAsync(new string('x', LedgerLimits.MaxNameLength + 1), 0, Rows(0, 1), "note", Token),
        ];

        foreach (var call in calls)
        {
            await call.Should().ThrowAsync<ArgumentException>();
        }

        (await store.ListCollaborationsAsync(Token)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(0, 600, 0, 600)]
    [InlineData(0, 10, 0, 10)]
    [InlineData(255, 258, 255, 3)]
    [InlineData(599, 10_000, 599, 1)]
    [InlineData(600, 700, 600, 0)]
    [InlineData(7, 7, 7, 0)]
    public async Task Read_returns_the_rows_from_up_to_without_the_end(long from, long to, long first, int count)
    {
        var store = await NewStoreAsync();
        await store.AppendAsync(Room, 0, Rows(0, 600), "note", Token);

        var rows = await store.ReadAsync(Room, from, to, Token).ToListAsync(Token);

        rows.Should().Equal(Rows(first, count));
    }

    [Fact]
    public async Task Read_of_large_rows_returns_all_of_them()
    {
        var store = await NewStoreAsync();
        SealedRow[] rows = [.. Enumerable.Range(0, 5).Select(i => new SealedRow(i, Enumerable.Repeat((byte)i, 3_000_000).ToArray()))];
        await store.AppendAsync(Room, 0, rows, "note", Token);

        (await ReadAllAsync(store, Room)).Should().Equal(rows);
    }

    [Fact]
    public async Task Read_of_an_unknown_collaboration_is_empty()
    {
        var store = await NewStoreAsync();

        (await ReadAllAsync(store, Room)).Should().BeEmpty();
        (await store.LengthAsync(Room, Token)).Should().Be(0);
        (await store.LatestCheckpointAsync(Room, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Appends_in_any_order_agree_with_a_list()
    {
        var store = await NewStoreAsync();
        var attempt = 0;
        await Gen.Select(Gen.Int[-2, 2], Gen.Int[1, 3]).Array[1, 12].SampleAsync(
            async steps =>
            {
                var room = $"room-{Interlocked.Increment(ref attempt)}";
                var model = new List<SealedRow>();
                foreach (var (offset, count) in steps)
                {
                    var expected = Math.Max(0, model.Count + offset);
                    var rows = Rows(expected, count, $"{room} {model.Count}");
                    var outcome = await store.AppendAsync(room, expected, rows, $"note {model.Count}", Token);
                    outcome.Should().Be(expected == model.Count ? AppendOutcome.Appended : AppendOutcome.SequenceConflict);
                    if (outcome == AppendOutcome.Appended)
                    {
                        model.AddRange(rows);
                    }
                }

                (await ReadAllAsync(store, room)).Should().Equal(model);
                (await store.LatestCheckpointAsync(room, Token))?.TreeSize.Should().Be(model.Count);
            },
            iter: 20);
    }

    [Fact]
    public async Task List_names_collaborations_with_rows_in_ordinal_order()
    {
        var store = await NewStoreAsync();
        await store.AppendAsync("b", 0, Rows(0, 1), "note", Token);
        await store.AppendAsync("B", 0, Rows(0, 1), "note", Token);
        await store.AppendAsync("a", 0, Rows(0, 1), "note", Token);
        await store.PutSealedSecretAsync("c", new byte[] { 1 }, Token);

        (await store.ListCollaborationsAsync(Token)).Should().Equal("B", "a", "b");
    }

    [Fact]
    public async Task Sealed_secret_is_replaced_and_removed()
    {
        var store = await NewStoreAsync();
        (await store.GetSealedSecretAsync(Room, Token)).Should().BeNull();

        await store.PutSealedSecretAsync(Room, new byte[] { 1, 2 }, Token);
        await store.PutSealedSecretAsync(Room, new byte[] { 3 }, Token);
        (await store.GetSealedSecretAsync(Room, Token))?.ToArray().Should().Equal(3);
        (await store.GetSealedSecretAsync(OtherRoom, Token)).Should().BeNull();

        await store.DeleteSealedSecretAsync(Room, Token);
        await store.DeleteSealedSecretAsync(Room, Token);
        (await store.GetSealedSecretAsync(Room, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Sealed_secret_outside_the_limits_is_a_caller_bug()
    {
        var store = await NewStoreAsync();

        var empty = () => store.PutSealedSecretAsync(Room, default, Token);
        var large = () => store.PutSealedSecretAsync(Room, new byte[LedgerLimits.MaxSecretBytes + 1], Token);

        await empty.Should().ThrowAsync<ArgumentException>();
        await large.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Cosignatures_are_listed_from_a_size_by_size_and_witness()
    {
        var store = await NewStoreAsync();
        foreach (var cosignature in (StoredCosignature[])[new(5, "b", "5b"), new(5, "a", "old"), new(5, "a", "5a"), new(4, "a", "4a"), new(9, "a", "9a")])
        {
            await store.PutCosignatureAsync(Room, cosignature, Token);
        }

        await store.PutCosignatureAsync(OtherRoom, new StoredCosignature(5, "a", "elsewhere"), Token);

        (await store.ListCosignaturesAsync(Room, 5, Token)).Should().Equal(
            new StoredCosignature(5, "a", "5a"), new StoredCosignature(5, "b", "5b"), new StoredCosignature(9, "a", "9a"));
    }

    protected static SealedRow Row(long sequence, string text) => new(sequence, Encoding.UTF8.GetBytes(text));

    protected static SealedRow[] Rows(long first, int count, string text = "row") =>
        [.. Enumerable.Range(0, count).Select(i => Row(first + i, $"{text} {first + i}"))];

    protected static async Task<IReadOnlyList<SealedRow>> ReadAllAsync(ILedgerStore store, string collaboration) =>
        await store.ReadAsync(collaboration, 0, long.MaxValue, Token).ToListAsync(Token);
}
