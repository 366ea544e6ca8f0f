using System.Buffers.Text;
using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Benchmarks.Ingest;

/// <summary>The table that is taken in: what its columns are, and a maker of its records from a seed.</summary>
internal static class IngestTable
{
    /// <summary>Room for the longest record, in bytes.</summary>
    public const int LongestRecordBytes = 512;

    /// <summary>The records of a unit, on average.</summary>
    private const ulong RecordsPerUnit = 8;

    private static readonly string[] s_channels = ["web", "store", "phone", "partner", "mail", "kiosk", "app", "other"];
    private static readonly string[] s_words = ["blue", "lamp", "oak table", "chair, folding", "desk", "the \"best\" shelf", "rug", "mirror", "vase", "stool"];

    /// <summary>Gets the columns as DuckDB is told them.</summary>
    public static string DuckDbColumns =>
        "{'person': 'BIGINT', 'visit': 'UUID', 'amount': 'DECIMAL(18,2)', 'channel': 'VARCHAR', 'day': 'DATE', 'seen': 'TIMESTAMP', 'country': 'VARCHAR', 'score': 'INTEGER', 'note': 'VARCHAR'}";

    /// <summary>Gets the header.</summary>
    public static ReadOnlySpan<byte> Header => "person,visit,amount,channel,day,seen,country,score,note\n"u8;

    /// <summary>Gets the dataset as a contract states it.</summary>
    public static Dataset Contract { get; } = Of(
        ("person", ColumnType.Int64, false),
        ("visit", ColumnType.Uuid, false),
        ("amount", ColumnType.Decimal, true),
        ("channel", ColumnType.String, false),
        ("day", ColumnType.Date, false),
        ("seen", ColumnType.Timestamp, false),
        ("country", ColumnType.String, true),
        ("score", ColumnType.Int32, true),
        ("note", ColumnType.String, true));

    /// <summary>Writes a record.</summary>
    /// <param name="index">Its number from 0; with the number of records it determines the bytes.</param>
    /// <param name="records">The number of records, about.</param>
    /// <param name="output">Room for <see cref="LongestRecordBytes"/>.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(long index, long records, Span<byte> output)
    {
        var writer = new Writer(output);
        var first = Mix((ulong)index);
        var second = Mix(first);
        writer.Number(1 + (long)(first % ((ulong)records / RecordsPerUnit + 1)));
        writer.Mark(',');
        writer.Uuid(second, Mix(second));
        writer.Mark(',');
        if (first % 16 != 0)
        {
            writer.Number((long)(second % 1_000_000));
            writer.Mark('.');
            writer.Digits((int)(first >> 40) % 100, 2);
        }

        writer.Mark(',');
        writer.Text(s_channels[first >> 61]);
        writer.Mark(',');
        writer.Day((int)(second >> 33) % 3650);
        writer.Mark(',');
        writer.Day((int)(second >> 33) % 3650);
        writer.Mark(' ');
        var second0 = (int)((first >> 20) & 0x7FFF_FFFF) % 86_400;
        writer.Digits(second0 / 3600, 2);
        writer.Mark(':');
        writer.Digits(second0 / 60 % 60, 2);
        writer.Mark(':');
        writer.Digits(second0 % 60, 2);
        writer.Mark(',');
        if (second % 32 != 0)
        {
            writer.Mark((char)('A' + ((int)(second >> 8) & 7)));
            writer.Mark((char)('A' + ((int)(second >> 12) & 7)));
        }

        writer.Mark(',');
        if (second % 8 != 1)
        {
            writer.Number((int)(second >> 44) - (1 << 19));
        }

        writer.Mark(',');
        if (first % 4 != 1)
        {
            writer.Field(s_words[(first >> 12) % 10], s_words[(second >> 16) % 10]);
        }

        writer.Mark('\n');
        return writer.Length;
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    private static Dataset Of(params (string Name, ColumnType Type, bool IsNullable)[] columns) => new()
    {
        Name = "visits",
        Owner = "owner",
        Schema = [.. columns.Select(column => new SchemaColumn { Name = column.Name, Nullable = column.IsNullable, Unique = false })],
        Policy = new DatasetPolicy
        {
            Unit = new PrivacyUnit { Column = columns[0].Name, Domain = "person-v1" },
            Tier = PolicyTier.Threshold,
            Columns = columns.ToImmutableSortedDictionary(
                column => column.Name, column => new ColumnPolicy { Type = column.Type, Uses = [], Scale = column.Type == ColumnType.Decimal ? 2 : null }),
            Join = new JoinRules { Required = [], With = [], MaxRowsPerUnit = 1000, MaxFanout = 1000 },
            Threshold = new ThresholdRules { MinUnits = 10, DominancePercent = null, History = HistoryRule.Enforce, MaxCells = 2000 },
            Dp = null,
            Access = new AccessRules { QueriesPerDay = 50, QueriesLifetime = 1000 },
            Receivers = [],
            Analysts = [],
            Approval = QueryApproval.None,
        },
    };

    private ref struct Writer(Span<byte> output)
    {
        private readonly Span<byte> _output = output;

        public int Length { get; private set; }

        public void Mark(char mark) => _output[Length++] = (byte)mark;

        public void Number(long value)
        {
            _ = Utf8Formatter.TryFormat(value, _output[Length..], out var written);
            Length += written;
        }

        public void Digits(int value, int count)
        {
            for (var i = count - 1; i >= 0; i--, value /= 10)
            {
                _output[Length + i] = (byte)('0' + (value % 10));
            }

            Length += count;
        }

        public void Text(string text)
        {
            foreach (var letter in text)
            {
                _output[Length++] = (byte)letter;
            }
        }

        public void Day(int day)
        {
            var date = new DateOnly(2016, 1, 1).AddDays(day);
            Digits(date.Year, 4);
            Mark('-');
            Digits(date.Month, 2);
            Mark('-');
            Digits(date.Day, 2);
        }

        public void Uuid(ulong high, ulong low)
        {
            for (var i = 0; i < 32; i++)
            {
                if (i is 8 or 12 or 16 or 20)
                {
                    Mark('-');
                }

                Mark("0123456789abcdef"[(int)((i < 16 ? high >> (4 * i) : low >> (4 * (i - 16))) & 15)]);
            }
        }

        public void Field(string first, string second)
        {
            if (!first.Contains('"', StringComparison.Ordinal) && !second.Contains('"', StringComparison.Ordinal)
                && !first.Contains(',', StringComparison.Ordinal) && !second.Contains(',', StringComparison.Ordinal))
            {
                Text(first);
                Mark(' ');
                Text(second);
                return;
            }

            Mark('"');
            Text(first.Replace("\"", "\"\"", StringComparison.Ordinal));
            Mark(' ');
            Text(second.Replace("\"", "\"\"", StringComparison.Ordinal));
            Mark('"');
        }
    }
}
