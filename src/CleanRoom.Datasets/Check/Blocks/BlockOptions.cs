using CleanRoom.Datasets.Source.CsvFormat;

namespace CleanRoom.Datasets.Check.Blocks;

/// <summary>How a source is divided into blocks, and among how many processors. Neither report nor bytes depend on it.</summary>
internal sealed record BlockOptions
{
    /// <summary>Gets one processor: no thread but the caller's.</summary>
    public static BlockOptions Alone { get; } = new() { Processors = 1 };

    /// <summary>Gets the number of processors.</summary>
    /// <value>From 1. Default all of the machine.</value>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets the text of a block of CSV that is read at once.</summary>
    /// <value>Bytes, from 1 to <see cref="DatasetLimits.CellBytes"/>. Default 256 KiB.</value>
    public int PieceBytes { get; init; } = CsvPieces.PieceBytes;
}
