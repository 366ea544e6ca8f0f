using System.Text;
using Bunit;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Portal.Features.Contracts;
using CleanRoom.Portal.Features.Uploads;

namespace CleanRoom.Portal.Tests.Uploads;

/// <summary>The first rows of a file stand under the contract's columns, before anything is sent.</summary>
public sealed class PreviewTests : BunitContext
{
    [Fact]
    public async Task Preview_reads_ten_records_and_no_more()
    {
        var text = "id,days,event\n" + string.Concat(Enumerable.Range(1, 500_000).Select(i => $"{i},0,nafld\n"));
        await using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));

        var preview = (await DatasetPreview.ReadAsync(stream, 10, Xunit.TestContext.Current.CancellationToken)).Value;

        preview.Rows.Select(row => row[0]).Should().Equal(Enumerable.Range(1, 10).Select(i => $"{i}"));
        stream.Position.Should().BeLessThan(stream.Length / 2, "the rest of the file stays unread");
    }

    [Fact]
    public async Task Record_that_is_no_row_is_counted_and_left_out()
    {
        await using var stream = new MemoryStream("id,days,event\n1,0,nafld\n2,0\n3,0,nafld\n"u8.ToArray());

        var preview = (await DatasetPreview.ReadAsync(stream, 10, Xunit.TestContext.Current.CancellationToken)).Value;

        (preview.Rows.Length, preview.Faulty).Should().Be((2, 1));
    }

    [Fact]
    public async Task File_that_is_no_table_is_refused()
    {
        await using var stream = new MemoryStream([0xFF, 0xFE, 1, 2]);

        (await DatasetPreview.ReadAsync(stream, 10, Xunit.TestContext.Current.CancellationToken)).Refusals.Single().Slug.Should().Be("dataset-rejected");
    }

    [Fact]
    public void Columns_stand_in_the_order_of_the_contract_and_what_is_missing_or_unknown_is_said()
    {
        var dataset = ContractExamples.Read("nafld").Value.Datasets.Single(one => one.SqlName == "hospital.events");

        var view = Render<PreviewView>(parameters => parameters.Add(one => one.Dataset, dataset)
            .Add(one => one.Preview, new DatasetPreview(CleanRoom.Protocol.Documents.SourceFormat.Csv, ["event", "colour", "id"], [["nafld", "<b>red</b>", "1"], [null, "blue", "2"]], 0))
            .Add(one => one.Problems, ["column days is missing"]));

        view.FindAll("th").Select(one => one.FirstChild!.TextContent).Should().Equal(dataset.Schema.Select(column => column.Name));
        view.FindAll("th").Single(one => one.FirstChild!.TextContent == "days").TextContent.Should().Contain("not in the file");
        view.FindAll("tbody tr").Select(row => string.Join('|', row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()))).Should().Equal("1|empty|nafld", "2|empty|empty");
        view.Find("[data-preview-unknown]").TextContent.Should().Contain("colour");
        view.Find("[data-preview-check='problems']").TextContent.Should().Contain("column days is missing");
    }
}
