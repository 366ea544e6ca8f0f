using CleanRoom.Engine.ParquetFormat;
using DuckDB.NET.Data;

namespace CleanRoom.Engine.Tests.Datasets.Conversion;

/// <summary>A derived file as the engine gets it: an open descriptor, with the bytes of the named columns and zeros for all others.</summary>
internal sealed class TouchedColumns : IDisposable
{
    private readonly TemporaryFile _file = new();
    private readonly FileStream _open;

    public TouchedColumns(byte[] parquet, params string[] columns)
    {
        Footer = FooterOf(parquet);
        var touched = new byte[parquet.Length];
        Copy(0, ParquetFooter.MagicBytes);
        Copy(Footer.DataEnd, parquet.Length - Footer.DataEnd);
        foreach (var range in ParquetRanges.Of(Footer, columns).Value)
        {
            Copy(range.Offset, range.Length);
        }

        File.WriteAllBytes(_file.FullName, touched);
        _open = File.OpenRead(_file.FullName);

        void Copy(long offset, long length) => parquet.AsSpan((int)offset, (int)length).CopyTo(touched.AsSpan((int)offset));
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path => _file.FullName;

    /// <summary>Gets what the engine reads of the footer.</summary>
    public ParquetFooter Footer { get; }

    /// <summary>Gets the relation by which generated SQL reads the file.</summary>
    public string Relation => $"read_parquet('/proc/self/fd/{_open.SafeFileHandle.DangerousGetHandle()}')";

    /// <summary>Runs SQL on a fresh DuckDB and returns every row as text.</summary>
    public static List<string?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i =>
                reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))]);
        }

        return rows;
    }

    public void Dispose()
    {
        _open.Dispose();
        _file.Dispose();
    }

    private static ParquetFooter FooterOf(byte[] parquet)
    {
        var located = ParquetFooter.Locate(parquet.AsSpan(parquet.Length - ParquetFooter.TailBytes), parquet.Length).Value;
        return ParquetFooter.Parse(parquet.AsSpan((int)located.Offset, (int)located.Length), located.Offset).Value;
    }
}
