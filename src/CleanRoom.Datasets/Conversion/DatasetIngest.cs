using System.Collections.Immutable;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Check.Blocks;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Checks a file and converts it to Parquet in one pass. Spec: contracts/spec/0007 s.10.</summary>
public static class DatasetIngest
{
    /// <summary>Reads the source once; writes Parquet as long as nothing is wrong.</summary>
    /// <param name="source">CSV or Parquet, from its beginning; seekable for Parquet; stays open. Trust: collaborator-controlled.</param>
    /// <param name="contract">The dataset of the contract.</param>
    /// <param name="rekeyer">Makes tokens of identifiers; nothing is written of those but their tokens.</param>
    /// <param name="parquetOut">Writable, at its beginning; need not seek; stays open.</param>
    /// <param name="progress">Told by bytes; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two blocks of records.</param>
    /// <returns>The outcome. If its report refuses, the caller MUST discard what was written to <paramref name="parquetOut"/>.</returns>
    /// <exception cref="IOException">A stream cannot be read or written.</exception>
    public static async Task<IngestOutcome> RunAsync(
        Stream source, Dataset contract, IIdentifierRekeyer rekeyer, Stream parquetOut, IProgress<IngestProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parquetOut);
        return await RunAsync(source, contract, rekeyer, OnePartition.Instance, [parquetOut], progress, cancellationToken);
    }

    /// <summary>Reads the source once; writes a Parquet file for each partition as long as nothing is wrong.</summary>
    /// <param name="source">CSV or Parquet, from its beginning; seekable for Parquet; stays open. Trust: collaborator-controlled.</param>
    /// <param name="contract">The dataset of the contract.</param>
    /// <param name="rekeyer">Makes tokens of identifiers; nothing is written of those but their tokens.</param>
    /// <param name="partitioner">Says where the rows of a unit go.</param>
    /// <param name="parquetOut">One for each partition: writable, at its beginning; need not seek; stays open.</param>
    /// <param name="progress">Told by bytes; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two blocks of records.</param>
    /// <returns>The outcome. If its report refuses, the caller MUST discard what was written to <paramref name="parquetOut"/>.</returns>
    /// <exception cref="IOException">A stream cannot be read or written.</exception>
    public static async Task<IngestOutcome> RunAsync(
        Stream source,
        Dataset contract,
        IIdentifierRekeyer rekeyer,
        IUnitPartitioner partitioner,
        ImmutableArray<Stream> parquetOut,
        IProgress<IngestProgress>? progress,
        CancellationToken cancellationToken) =>
        await RunAsync(source, contract, rekeyer, partitioner, parquetOut, progress, new BlockOptions(), cancellationToken);

    /// <summary>Does so with the work divided in a way on which neither the report nor the bytes depend.</summary>
    internal static async Task<IngestOutcome> RunAsync(
        Stream source,
        Dataset contract,
        IIdentifierRekeyer rekeyer,
        IUnitPartitioner partitioner,
        ImmutableArray<Stream> parquetOut,
        IProgress<IngestProgress>? progress,
        BlockOptions blocks,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rekeyer);
        ArgumentNullException.ThrowIfNull(partitioner);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parquetOut.Length, partitioner.Count, nameof(parquetOut));
        await using var converter = new ParquetConverter(parquetOut, rekeyer, partitioner, blocks.Processors);
        var report = await DatasetChecker.RunAsync(source, contract, new CheckOptions(), progress, converter, blocks, cancellationToken);
        if (!report.Accepted)
        {
            return new IngestOutcome { Report = report, ParquetBytes = 0, RowGroups = 0 };
        }

        await converter.FinishAsync(cancellationToken);
        return new IngestOutcome { Report = report, ParquetBytes = converter.BytesWritten, RowGroups = converter.RowGroups };
    }
}
