using CleanRoom.Datasets.Problems;
using Parquet.Data;
using Parquet.Schema;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>The decoded values of one column chunk, handed out one after the other as text.</summary>
internal abstract class ParquetCells : IDisposable
{
    /// <summary>Gets the bytes of the cell that did not fit.</summary>
    public int PendingBytes { get; protected set; }

    /// <summary>Returns a field that reads a column in its physical form, whatever its annotation.</summary>
    public static DataField FieldOf(ParquetColumn column) => new(
        column.Name,
        column.Physical switch
        {
            ParquetPhysical.Boolean => typeof(bool),
            ParquetPhysical.Int32 => typeof(int),
            ParquetPhysical.Int64 => typeof(long),
            ParquetPhysical.Float => typeof(float),
            ParquetPhysical.Double => typeof(double),
            _ => typeof(ReadOnlyMemory<byte>),
        },
        column.IsOptional);

    /// <summary>Wraps decoded data; null if it does not have one value or NULL for each row.</summary>
    /// <param name="column">Where the data are from.</param>
    /// <param name="data">Taken over: disposed with the result, or here when null is returned.</param>
    /// <param name="rows">The rows of the row group.</param>
    public static ParquetCells? Create(ParquetColumn column, RawColumnData data, long rows)
    {
        ParquetCells? cells = data switch
        {
            RawColumnData<bool> typed => Of(typed, column, rows, ParquetText.WriteBoolean),
            RawColumnData<int> typed => Of(typed, column, rows, ParquetText.Int32Writer(column)),
            RawColumnData<long> typed => Of(typed, column, rows, ParquetText.Int64Writer(column)),
            RawColumnData<float> typed => Of(typed, column, rows, ParquetText.WriteSingle),
            RawColumnData<double> typed => Of(typed, column, rows, ParquetText.WriteDouble),
            RawColumnData<ReadOnlyMemory<byte>> typed => Of(typed, column, rows, ParquetText.BytesWriter(column)),
            _ => null,
        };
        if (cells is null)
        {
            data.Dispose();
        }

        return cells;
    }

    /// <summary>Appends the next cell to a row.</summary>
    /// <returns>False if the cell is larger than a cell or a row may be.</returns>
    public abstract bool AppendNext(SourceRow row, int column);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the decoded data to their pool.</summary>
    protected abstract void Dispose(bool disposing);

    private static Typed<T>? Of<T>(RawColumnData<T> data, ParquetColumn column, long rows, ParquetTextWriter<T> write)
        where T : struct
    {
        var present = rows;
        if (column.IsOptional)
        {
            if (data.DefinitionLevels.Length != rows)
            {
                return null;
            }

            present = data.DefinitionLevels.Count(1);
        }

        return data.Values.Length == present ? new Typed<T>(data, column.IsOptional, write) : null;
    }

    private sealed class Typed<T>(RawColumnData<T> data, bool isOptional, ParquetTextWriter<T> write) : ParquetCells
        where T : struct
    {
        private readonly ParquetTextBuffer _text = new();
        private int _row;
        private int _value;

        public override bool AppendNext(SourceRow row, int column)
        {
            if (isOptional && data.DefinitionLevels[_row++] == 0)
            {
                row.EndCell(isNull: true);
                return true;
            }

            _text.Clear();
            var fault = write(data.Values[_value++], _text);
            var text = _text.Written;
            if (text.Length > DatasetLimits.CellBytes || row.TextBytes + text.Length > DatasetLimits.RowBytes)
            {
                PendingBytes = text.Length;
                return false;
            }

            if (fault is { } kind)
            {
                row.AddFault(new RowFault(kind, column, "a value with a text form", "a value without one"));
            }

            row.Append(text);
            row.EndCell(isNull: false);
            return true;
        }

        protected override void Dispose(bool disposing) => data.Dispose();
    }
}

/// <summary>Writes the text form of one value.</summary>
/// <returns>Null, or what is wrong with the value.</returns>
internal delegate ProblemKind? ParquetTextWriter<in T>(T value, ParquetTextBuffer text);
