using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using CleanRoom.Datasets.Conversion.Encodings;

namespace CleanRoom.Datasets.Conversion;

/// <summary>What the files of all partitions share to encode row groups: processors, memory, and the first failure. Safe for concurrent calls.</summary>
/// <remarks>At most <c>groups</c> row groups are encoded and written beside those that are filled; whoever has one more to write waits.</remarks>
/// <param name="processors">How many to use, from 1; 1 uses no thread but the caller's.</param>
/// <param name="groups">The most row groups that are encoded at once.</param>
/// <param name="newColumns">Makes the empty columns of a row group.</param>
internal sealed class GroupEncoders(int processors, int groups, Func<ImmutableArray<ColumnBuffer>> newColumns) : IDisposable
{
    private const int LargestBody = 1 << 28;

    private readonly ArrayPool<byte> _bodies = ArrayPool<byte>.Create(LargestBody, maxArraysPerBucket: 16);
    private readonly ConcurrentBag<ColumnEncoder> _encoders = [];
    private readonly ConcurrentBag<ImmutableArray<ColumnBuffer>> _columns = [];
    private readonly SemaphoreSlim _places = new(groups);
    private readonly CancellationTokenSource _stop = new();
    private ExceptionDispatchInfo? _failure;

    /// <summary>Gets what stops all work of these encoders.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Gets a value that says whether a row group is encoded beside the caller.</summary>
    public bool IsParallel => processors > 1;

    /// <summary>Waits until another row group may be encoded.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _places.WaitAsync(cancellationToken);

    /// <summary>Ends what <see cref="EnterAsync"/> began, and gives the columns back.</summary>
    public void Leave(ImmutableArray<ColumnBuffer> columns)
    {
        foreach (var column in columns)
        {
            column.Clear();
        }

        _columns.Add(columns);
        _places.Release();
    }

    /// <summary>Returns the empty columns of a row group.</summary>
    public ImmutableArray<ColumnBuffer> RentColumns() => _columns.TryTake(out var columns) ? columns : newColumns();

    /// <summary>Encodes a column; on another thread if there is more than one.</summary>
    public Task<EncodedChunk> EncodeAsync(ColumnBuffer column, int rows) => IsParallel
        ? Task.Run(() => Encode(column, rows), _stop.Token)
        : Task.FromResult(Encode(column, rows));

    /// <summary>Takes the memory of a chunk that was written, or will not be.</summary>
    public void Return(EncodedChunk chunk) => _bodies.Return(chunk.Body);

    /// <summary>Keeps the first failure.</summary>
    public void Fail(Exception failure) => Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);

    /// <summary>Throws the first failure.</summary>
    public void ThrowIfFailed() => Volatile.Read(ref _failure)?.Throw();

    /// <summary>Stops what is under way.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var encoder in _encoders)
        {
            encoder.Dispose();
        }

        _places.Dispose();
        _stop.Dispose();
    }

    private EncodedChunk Encode(ColumnBuffer column, int rows)
    {
        var encoder = _encoders.TryTake(out var free) ? free : new ColumnEncoder(FileReader.Engine);
        try
        {
            return encoder.Encode(column, rows, _bodies);
        }
        finally
        {
            _encoders.Add(encoder);
        }
    }
}
