using CleanRoom.Datasets.Source.ParquetFormat;

namespace CleanRoom.Datasets.Conversion.Encodings;

/// <summary>Writes the headers of pages. Spec: parquet.thrift, PageHeader, DataPageHeader and DictionaryPageHeader; the numbers are its field ids.</summary>
internal static class PageHeaders
{
    /// <summary>Returns the header of a page of values, of version 1.</summary>
    /// <param name="bytes">Of the page before compression.</param>
    /// <param name="storedBytes">Of the page as it is stored.</param>
    /// <param name="rows">The rows that it has.</param>
    /// <param name="encoding">Of its values.</param>
    public static ReadOnlySpan<byte> OfData(int bytes, int storedBytes, int rows, ParquetEncoding encoding)
    {
        var header = Begin(ParquetPageKind.Data, bytes, storedBytes);
        header.Begin(5);
        header.Field(1, rows);
        header.Field(2, (int)encoding);
        header.Field(3, (int)ParquetEncoding.RunLength);
        header.Field(4, (int)ParquetEncoding.RunLength);
        return End(header);
    }

    /// <summary>Returns the header of a dictionary that is not compressed.</summary>
    /// <param name="bytes">Of the page.</param>
    /// <param name="values">The values that it has.</param>
    public static ReadOnlySpan<byte> OfDictionary(int bytes, int values)
    {
        var header = Begin(ParquetPageKind.Dictionary, bytes, bytes);
        header.Begin(7);
        header.Field(1, values);
        header.Field(2, (int)ParquetEncoding.Plain);
        return End(header);
    }

    private static ThriftWriter Begin(ParquetPageKind kind, int bytes, int storedBytes)
    {
        var header = new ThriftWriter();
        header.Field(1, (int)kind);
        header.Field(2, bytes);
        header.Field(3, storedBytes);
        return header;
    }

    private static ReadOnlySpan<byte> End(ThriftWriter header)
    {
        header.End();
        header.End();
        return header.Written.Span;
    }
}
