using System.Globalization;
using System.Text;
using CleanRoom.Attesters.ConfigfsTsm;

namespace CleanRoom.Attesters.Tests.ConfigfsTsm;

/// <summary>The kernel's report interface as its ABI describes it: entries, a generation that each write advances, who may read or write what.</summary>
internal sealed class StandInTsm : ITsmReportFiles
{
    private const int Permission = 13;
    private const int Invalid = 22;

    private readonly Dictionary<string, Entry> _entries = [];

    public string Name => "stand-in";

    public string Provider { get; set; } = "sev_guest";

    public byte[] Auxiliary { get; set; } = [];

    /// <summary>Makes a report of inblob and privlevel.</summary>
    public Func<byte[], int, byte[]> Report { get; set; } = (input, level) => [(byte)level, .. input];

    /// <summary>Called with the number of the entry and of the access inside it, before it is done. May disturb, and may throw.</summary>
    public Action<int, string, string>? Before { get; set; }

    public int Made { get; private set; }

    public int Present => _entries.Count;

    public static IOException Error(int number) => new($"error {number}", number);

    public void Make(string entry)
    {
        Made++;
        _entries.Add(entry, new Entry());
    }

    public void Write(string entry, string attribute, ReadOnlySpan<byte> value)
    {
        Before?.Invoke(Made, entry, "write " + attribute);
        WriteAs(entry, attribute, value.ToArray());
    }

    /// <summary>A write by whoever else has access.</summary>
    public void WriteAs(string entry, string attribute, byte[] value)
    {
        var state = _entries[entry];
        switch (attribute)
        {
            case "inblob" when value.Length is > 0 and <= 64:
                state.Input = value;
                break;
            case "privlevel":
                state.Level = int.Parse(Encoding.ASCII.GetString(value), CultureInfo.InvariantCulture);
                break;
            case "inblob":
                throw Error(Invalid);
            default:
                throw Error(Permission);
        }

        state.Generation++;
    }

    public byte[]? Read(string entry, string attribute, int maxBytes)
    {
        Before?.Invoke(Made, entry, "read " + attribute);
        var state = _entries[entry];
        return attribute switch
        {
            "provider" => Line(Provider),
            "generation" => Line($"{state.Generation}"),
            "outblob" when state.Input.Length > 0 => Report(state.Input, state.Level),
            "outblob" or "auxblob" when state.Input.Length == 0 => throw Error(Invalid),
            "auxblob" => Provider == "sev_guest" ? Auxiliary : null,
            _ => throw Error(Permission),
        };
    }

    public void Remove(string entry) => _entries.Remove(entry).Should().BeTrue();

    private static byte[] Line(string text) => Encoding.ASCII.GetBytes(text + "\n");

    private sealed class Entry
    {
        public byte[] Input { get; set; } = [];

        public int Level { get; set; }

        public int Generation { get; set; }
    }
}
