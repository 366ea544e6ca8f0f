using System.Runtime.CompilerServices;

namespace CleanRoom.Storage.Ledger;

/// <summary>One read of a database: rows without a gap, as many as make a page, whatever the database holds.</summary>
/// <param name="from">The sequence of the first row.</param>
internal sealed class LedgerPage(long from)
{
    /// <summary>Most rows of a page.</summary>
    public const int MostRows = 256;

    /// <summary>A page ends with the row that reaches so many bytes.</summary>
    public const long Bytes = LedgerLimits.MaxRowBytes;

    private readonly List<SealedRow> _rows = [];
    private long _bytes;

    /// <summary>Gets the rows so far.</summary>
    public IReadOnlyList<SealedRow> Rows => _rows;

    /// <summary>Gets a value that says whether no row is wanted any more.</summary>
    public bool IsFull => _bytes >= Bytes;

    /// <summary>Takes the next row.</summary>
    /// <param name="sequence">Its place, as the database says.</param>
    /// <param name="length">The length of its ciphertext, looked at before the ciphertext is read.</param>
    /// <param name="read">Reads the ciphertext.</param>
    /// <exception cref="StorageException">Rows before it are missing, or it is longer than a row can be (<see cref="StorageFailure.Damaged"/>).</exception>
    public void Take(long sequence, long length, Func<byte[]> read)
    {
        if (sequence != from + _rows.Count)
        {
            throw new StorageException(StorageFailure.Damaged, $"wanted row {from + _rows.Count}; got row {sequence}: rows are missing", null);
        }

        if (length > LedgerLimits.MaxRowBytes)
        {
            throw new StorageException(
                StorageFailure.Damaged, $"wanted rows of at most {LedgerLimits.MaxRowBytes} bytes; got {length} bytes in row {sequence}", null);
        }

        _rows.Add(new SealedRow(sequence, read()));
        _bytes += length;
    }

    /// <summary>Reads page after page, until one is empty or the end is reached.</summary>
    /// <param name="from">The first sequence.</param>
    /// <param name="to">The sequence after the last.</param>
    /// <param name="read">Reads the page that begins at a sequence.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    public static async IAsyncEnumerable<SealedRow> ReadAllAsync(
        long from, long to, Func<long, Task<IReadOnlyList<SealedRow>>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = from; next < to;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await read(next);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            next += page.Count;
        }
    }
}
