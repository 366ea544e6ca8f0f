using System.Text.Json;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Engine.Wire;

namespace CleanRoom.Engine.Tests.Wire;

/// <summary>The worked examples of contracts/spec/0012.</summary>
public class SpecExampleTests
{
    private const string Page = "0012-engine-wire.md";

    private static readonly RowSampleColumn[] Columns =
    [
        new("g0", RowCell.Text, 0, ["hospital", null]),
        new("a0", RowCell.WholeNumber, 0, [42L, -1L]),
        new("n1", RowCell.ScaledDecimal, 2, [new ScaledDecimal(5_088, 2), null]),
    ];

    [Fact]
    public void Encode_rowsOfTheExample_givesItsBytes() => RowSamples.Encode(Columns).Should().Equal(SpecExample.Read(Page, "rows"));

    [Fact]
    public void Read_bytesOfTheExample_givesItsRows()
    {
        var rows = EngineRows.Read(SpecExample.Read(Page, "rows"), maxRows: 2).Value;
        rows.Columns.Should().Equal(
            new EngineColumn("g0", EngineType.Text, 0), new EngineColumn("a0", EngineType.WholeNumber, 0), new EngineColumn("n1", EngineType.ScaledDecimal, 2));
        rows.Rows[0].Should().Equal("hospital", 42L, new ScaledDecimal(5_088, 2));
        rows.Rows[1].Should().Equal(null, -1L, null);
    }

    [Fact]
    public void Encode_frameOfTheExample_givesItsBytes()
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new ProgressHeader { BasisPoints = 2_500 }, WireJson.Default.ProgressHeader);
        byte[] frame = [.. FrameHead.Encode(FrameKind.Progress, header, payloadBytes: 0)];
        frame.Should().Equal(SpecExample.Read(Page, "frame"));
    }

    [Fact]
    public void Page_numbers_areThoseOfTheCode()
    {
        var text = SpecExample.Text(Page);
        text.Should().Contain($"{RowFormat.MaxCells:N0}").And.Contain($"over {RowFormat.MaxColumns:N0}").And.Contain($"{FrameHead.MaxHeaderBytes:N0}");
        foreach (var cell in Enum.GetValues<RowCell>().Where(cell => cell != RowCell.None))
        {
            text.Should().Contain($"| {(int)cell} | {cell} |");
        }

        foreach (var kind in Enum.GetValues<FrameKind>().Where(kind => kind != FrameKind.None))
        {
            text.Should().Contain($"| {(int)kind} | {kind.ToString().ToLowerInvariant()} |");
        }
    }
}
