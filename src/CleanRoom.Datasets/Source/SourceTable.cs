using System.Collections.Immutable;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Source;

/// <summary>A table that is read once, forwards, one record at a time, with memory bounded by <see cref="DatasetLimits"/>.</summary>
/// <remarks>
/// Whatever the format, a cell is NULL or text in the forms of contracts/spec/0007 s.4, so there is one way of checking.
/// Trust: the bytes are collaborator-controlled; no content makes a table throw.
/// </remarks>
internal abstract class SourceTable : IDisposable
{
    /// <summary>Gets the format.</summary>
    public abstract SourceFormat Format { get; }

    /// <summary>Gets the column names in source order; different from each other and not blank.</summary>
    public abstract ImmutableArray<string> Columns { get; }

    /// <summary>Says whether a column holds bytes that are shown as hex, and not text.</summary>
    public virtual bool IsBinary(int column) => false;

    /// <summary>Gets the record that was read last.</summary>
    public SourceRow Row { get; } = new();

    /// <summary>Gets why reading stopped before the end; null while all is well.</summary>
    public DatasetProblem? Fault { get; protected set; }

    /// <summary>Gets the bytes of the source that were read.</summary>
    public long BytesRead { get; protected set; }

    /// <summary>Returns the name of the column that a fault is in; null for the whole record, and for a cell beyond the header's.</summary>
    public string? ColumnOf(RowFault fault) => ColumnOf(Columns, fault);

    /// <summary>Returns the name of the column that a fault is in; null for the whole record, and for a cell beyond the columns.</summary>
    public static string? ColumnOf(ImmutableArray<string> columns, RowFault fault) => fault.Cell >= 0 && fault.Cell < columns.Length ? columns[fault.Cell] : null;

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the end, and when <see cref="Fault"/> is set.</returns>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the table rented; the source stream stays open.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
