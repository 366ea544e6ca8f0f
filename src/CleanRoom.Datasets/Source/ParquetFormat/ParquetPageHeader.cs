namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>What a page header claims. Spec: parquet.thrift, PageHeader.</summary>
internal sealed record ParquetPageHeader
{
    /// <summary>Gets the number of bytes of the header itself.</summary>
    public required int HeaderBytes { get; init; }

    public required int Kind { get; init; }

    public required int Compressed { get; init; }

    public required int Uncompressed { get; init; }

    public required int Values { get; init; }

    public required int Encoding { get; init; }

    /// <summary>Gets the encoding of the definition levels of a page of version 1.</summary>
    public required int LevelEncoding { get; init; }

    /// <summary>Gets the bytes of definition levels of a page of version 2.</summary>
    public required int LevelBytes { get; init; }

    /// <summary>Gets the bytes of repetition levels of a page of version 2.</summary>
    public required int RepetitionBytes { get; init; }

    public required bool IsCompressed { get; init; }

    /// <summary>Reads a header from the start of the bytes; null if it is not one, or not all of it is there.</summary>
    public static ParquetPageHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ThriftReader(bytes);
        int kind = -1, uncompressed = -1, compressed = -1;
        var numbers = new Numbers();
        for (var id = 0; reader.NextField(ref id, out var type);)
        {
            switch (id, type)
            {
                case (1, ThriftReader.I32):
                    kind = reader.ReadI32();
                    break;
                case (2, ThriftReader.I32):
                    uncompressed = reader.ReadI32();
                    break;
                case (3, ThriftReader.I32):
                    compressed = reader.ReadI32();
                    break;
                case (5 or 7, ThriftReader.Struct):
                    numbers.Read(ref reader, version: 1);
                    break;
                case (8, ThriftReader.Struct):
                    numbers.Read(ref reader, version: 2);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return reader.HasFailed || numbers.Structures != 1
            ? null
            : new ParquetPageHeader
            {
                HeaderBytes = bytes.Length - reader.Remaining,
                Kind = kind,
                Compressed = compressed,
                Uncompressed = uncompressed,
                Values = numbers.Values,
                Encoding = numbers.Encoding,
                LevelEncoding = numbers.LevelEncoding,
                LevelBytes = numbers.LevelBytes,
                RepetitionBytes = numbers.RepetitionBytes,
                IsCompressed = numbers.IsCompressed,
            };
    }

    /// <summary>The three structures of which a header has one: data page, dictionary page, data page of version 2.</summary>
    private struct Numbers()
    {
        public int Structures;
        public int Values = -1;
        public int Encoding = -1;
        public int LevelEncoding = -1;
        public int LevelBytes;
        public int RepetitionBytes;
        public bool IsCompressed = true;

        public void Read(ref ThriftReader reader, int version)
        {
            Structures++;
            for (var id = 0; reader.NextField(ref id, out var type);)
            {
                switch (version, id, type)
                {
                    case (_, 1, ThriftReader.I32):
                        Values = reader.ReadI32();
                        break;
                    case (1, 2, ThriftReader.I32) or (2, 4, ThriftReader.I32):
                        Encoding = reader.ReadI32();
                        break;
                    case (1, 3, ThriftReader.I32):
                        LevelEncoding = reader.ReadI32();
                        break;
                    case (2, 5, ThriftReader.I32):
                        LevelBytes = reader.ReadI32();
                        break;
                    case (2, 6, ThriftReader.I32):
                        RepetitionBytes = reader.ReadI32();
                        break;
                    case (2, 7, ThriftReader.BooleanFalse):
                        IsCompressed = false;
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }
        }
    }
}
