using CleanRoom.Datasets.Source;

namespace CleanRoom.Datasets.Check.Blocks;

/// <summary>Checks the blocks of a table that is read record by record.</summary>
internal static class TableBlocks
{
    private const int BlockRows = 4_096;
    private const int BlockTextBytes = 1 << 20;

    /// <summary>Runs to the end of the table, or of what is to be read of it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="lane">Checks it.</param>
    /// <param name="mostBytes">Ends behind the record that reaches so many bytes of text, a delimiter counted for each cell.</param>
    /// <param name="takeAsync">Takes a block; it is used again afterwards.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    public static async Task RunAsync(
        SourceTable table, CheckLane lane, long mostBytes, Func<RowBlock, ValueTask> takeAsync, CancellationToken cancellationToken)
    {
        var (bytes, isMore) = (0L, true);
        while (isMore)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lane.Begin();
            var end = Math.Min(mostBytes, bytes + BlockTextBytes);
            for (var rows = 0; rows < BlockRows && bytes < end && (isMore = await table.ReadAsync(cancellationToken)); rows++)
            {
                bytes += table.Row.TextBytes + table.Row.CellCount;
                lane.Take(table.Row);
            }

            isMore &= bytes < mostBytes;
            lane.Check();
            lane.Block.BytesRead = table.BytesRead;
            await takeAsync(lane.Block);
        }
    }
}
