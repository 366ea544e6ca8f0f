namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Text of a CSV source.</summary>
/// <param name="Buffer">Holds it from its beginning, and <see cref="CsvMarks.WindowBytes"/> more behind it.</param>
/// <param name="Length">The bytes of text.</param>
/// <param name="Offset">Where it is in the source, in bytes.</param>
/// <param name="EndsRecord">True if a record ends with it, or the source: otherwise its last record goes on in the next piece.</param>
internal readonly record struct CsvPiece(byte[] Buffer, int Length, long Offset, bool EndsRecord);
