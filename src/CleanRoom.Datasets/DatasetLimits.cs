namespace CleanRoom.Datasets;

/// <summary>Sizes that no dataset may exceed; they bound the memory of whoever reads it. Spec: contracts/spec/0007 s.3.</summary>
public static class DatasetLimits
{
    /// <summary>The largest cell, in bytes of UTF-8.</summary>
    public const int CellBytes = 1 << 20;

    /// <summary>The largest record, in bytes of UTF-8 without delimiters and quotes.</summary>
    public const int RowBytes = 4 << 20;

    /// <summary>The largest number of columns.</summary>
    public const int Columns = 4_096;

    /// <summary>The largest Parquet footer, in bytes.</summary>
    public const int ParquetFooterBytes = 8 << 20;

    /// <summary>The largest Parquet page header, in bytes.</summary>
    public const int ParquetPageHeaderBytes = 1 << 20;

    /// <summary>The largest Parquet page, compressed or not, in bytes.</summary>
    public const int ParquetPageBytes = 128 << 20;

    /// <summary>The largest uncompressed size of all pages of one Parquet row group, in bytes.</summary>
    public const long ParquetRowGroupBytes = 1L << 30;

    /// <summary>The largest number of pages of one Parquet row group.</summary>
    public const int ParquetRowGroupPages = 1 << 20;

    /// <summary>The largest number of rows of a Parquet source: a few bytes of runs can stand for millions of rows, so that its size does not bound them.</summary>
    public const long ParquetRows = 1L << 31;

    /// <summary>The largest number of rows in one Parquet row group of a source.</summary>
    public const int ParquetRowGroupRows = 1 << 22;

    /// <summary>The largest number of cells in one Parquet row group of a source; a decoded cell costs up to 20 bytes besides its text.</summary>
    public const long ParquetRowGroupCells = 1 << 26;

    /// <summary>
    /// The largest number of different units, or of different values of a unique column, that is counted exactly.
    /// One entry costs up to 80 bytes while a table grows.
    /// </summary>
    public const int DistinctEntries = 16_000_000;
}
