namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>One element of the schema list: the root, a group, or a column.</summary>
/// <param name="Children">The number of children; 0 for a column.</param>
/// <param name="Column">The column; null for the root, a group, and a repeated or typeless element.</param>
internal sealed record ParquetSchemaElement(int Children, ParquetColumn? Column)
{
    private const int Optional = 1;
    private const int Repeated = 2;

    /// <summary>Reads an element; null if it is not one. Spec: parquet.thrift, SchemaElement.</summary>
    public static ParquetSchemaElement? Read(ref ThriftReader reader)
    {
        int physical = -1, length = 0, repetition = -1, children = 0, converted = -1, scale = 0;
        var logical = ParquetLogical.Plain;
        string? name = null;
        for (var id = 0; reader.NextField(ref id, out var type);)
        {
            switch (id, type)
            {
                case (1, ThriftReader.I32):
                    physical = reader.ReadI32();
                    break;
                case (2, ThriftReader.I32):
                    length = reader.ReadI32();
                    break;
                case (3, ThriftReader.I32):
                    repetition = reader.ReadI32();
                    break;
                case (4, ThriftReader.Binary):
                    name = ParquetFooter.Name(reader.ReadBinary());
                    break;
                case (5, ThriftReader.I32):
                    children = reader.ReadI32();
                    break;
                case (6, ThriftReader.I32):
                    converted = reader.ReadI32();
                    break;
                case (7, ThriftReader.I32):
                    scale = reader.ReadI32();
                    break;
                case (10, ThriftReader.Struct):
                    logical = ReadLogical(ref reader, ref scale);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (name is null || children < 0 || length < 0 || scale is < 0 or > 76)
        {
            return null;
        }

        if (children > 0 || physical is < 0 or > (int)ParquetPhysical.FixedLength || repetition is < 0 or >= Repeated
            || (physical == (int)ParquetPhysical.FixedLength && length == 0))
        {
            return new ParquetSchemaElement(children, null);
        }

        return new ParquetSchemaElement(0, new ParquetColumn
        {
            Name = name,
            IsOptional = repetition == Optional,
            Physical = (ParquetPhysical)physical,
            Logical = logical == ParquetLogical.Plain ? FromConverted(converted) : logical,
            Length = length,
            Scale = scale,
        });
    }

    // Spec: parquet.thrift, LogicalType (a union: the field's id says which).
    private static ParquetLogical ReadLogical(ref ThriftReader reader, ref int scale)
    {
        var logical = ParquetLogical.Plain;
        for (var id = 0; reader.NextField(ref id, out var type);)
        {
            switch (id)
            {
                case 5 when type == ThriftReader.Struct:
                    logical = ReadDecimal(ref reader, ref scale);
                    break;
                case 8 when type == ThriftReader.Struct:
                    logical = ReadTimestamp(ref reader);
                    break;
                case 10 when type == ThriftReader.Struct:
                    logical = ReadInteger(ref reader);
                    break;
                default:
                    logical = id switch
                    {
                        1 or 4 or 12 => ParquetLogical.Text,
                        6 => ParquetLogical.Date,
                        11 => ParquetLogical.Null,
                        14 => ParquetLogical.Uuid,
                        _ => ParquetLogical.Unsupported,
                    };
                    reader.Skip(type);
                    break;
            }
        }

        return logical;
    }

    private static ParquetLogical ReadDecimal(ref ThriftReader reader, ref int scale)
    {
        for (var id = 0; reader.NextField(ref id, out var type);)
        {
            if ((id, type) == (1, ThriftReader.I32))
            {
                scale = reader.ReadI32();
            }
            else
            {
                reader.Skip(type);
            }
        }

        return ParquetLogical.Decimal;
    }

    private static ParquetLogical ReadTimestamp(ref ThriftReader reader)
    {
        var logical = ParquetLogical.Unsupported;
        for (var id = 0; reader.NextField(ref id, out var type);)
        {
            if ((id, type) != (2, ThriftReader.Struct))
            {
                reader.Skip(type);
                continue;
            }

            for (var unit = 0; reader.NextField(ref unit, out var unitType);)
            {
                logical = unit switch
                {
                    1 => ParquetLogical.TimestampMillis,
                    2 => ParquetLogical.TimestampMicros,
                    3 => ParquetLogical.TimestampNanos,
                    _ => ParquetLogical.Unsupported,
                };
                reader.Skip(unitType);
            }
        }

        return logical;
    }

    private static ParquetLogical ReadInteger(ref ThriftReader reader)
    {
        var logical = ParquetLogical.Plain;
        for (var id = 0; reader.NextField(ref id, out var type);)
        {
            logical = (id, type) == (2, ThriftReader.BooleanFalse) ? ParquetLogical.Unsigned : logical;
            reader.Skip(type);
        }

        return logical;
    }

    // Spec: parquet.thrift, ConvertedType.
    private static ParquetLogical FromConverted(int converted) => converted switch
    {
        -1 or (>= 15 and <= 18) => ParquetLogical.Plain,
        0 or 4 or 19 => ParquetLogical.Text,
        5 => ParquetLogical.Decimal,
        6 => ParquetLogical.Date,
        9 => ParquetLogical.TimestampMillis,
        10 => ParquetLogical.TimestampMicros,
        >= 11 and <= 14 => ParquetLogical.Unsigned,
        _ => ParquetLogical.Unsupported,
    };
}
