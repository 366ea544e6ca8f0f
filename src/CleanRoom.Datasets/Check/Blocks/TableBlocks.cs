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
    /// <param name="takeAsync">Takes a block; it is used again afterwards.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    public static async Task RunAsync(SourceTable table, CheckLane lane, Func<RowBlock, ValueTask> takeAsync, CancellationToken cancellationToken)
    {
        var isMore = !lane.IsEnded;
        while (isMore)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lane.Begin();
            var bytes = 0L;
            while (lane.Block.Rows < BlockRows && bytes < BlockTextBytes && (isMore = isMore && await table.ReadAsync(cancellationToken)))
            {
                bytes += table.Row.TextBytes;
                isMore = lane.Take(table.Row);
            }

            lane.Block.BytesRead = table.BytesRead;
            await takeAsync(lane.Block);
        }
    }
}
