using CleanRoom.Datasets.Conversion.Clustering;
using CleanRoom.Engine.Memory;
using CleanRoom.Grains.Messages;

namespace CleanRoom.Grains.Partitions;

/// <summary>Arranges kept columns that were used again by person, beside the runs: the next ones join them faster.</summary>
/// <remarks>It reads and writes memory of the guest alone, holds no row of anything else, and changes no answer. Spec: contracts/spec/0010 s.6.2.</remarks>
internal sealed class HotColumns(PartitionServices services)
{
    // One at a time over all partitions of a silo, so that its memory has a bound.
    private static readonly SemaphoreSlim _one = new(1);

    /// <summary>Arranges columns if that is worth it and there is memory.</summary>
    /// <param name="key">What they are.</param>
    /// <param name="input">Where they are from.</param>
    /// <param name="file">They as they are kept, leased to the caller.</param>
    public async Task ArrangeAsync(ColumnKey key, PartitionInput input, AnonymousFile file)
    {
        if (input.Unit is not { } unit || !services.Kept.ShouldArrange(key, file))
        {
            return;
        }

        await _one.WaitAsync();
        try
        {
            await using var source = file.OpenRead();
            using var arranged = await ClusteredColumns.ArrangeAsync(source, input.Columns, unit, services.Limits.KeptBytes, services.Kept.Wanted(key, file));
            if (arranged is not null && services.Memory.Rent(arranged.Length).TryGet(out var copy, out _))
            {
                arranged.CopyTo(copy.Writable);
                services.Kept.Replace(key, file, copy);
            }
        }
        catch (OperationCanceledException)
        {
            // They were let go meanwhile.
        }
        finally
        {
            _one.Release();
        }
    }
}
