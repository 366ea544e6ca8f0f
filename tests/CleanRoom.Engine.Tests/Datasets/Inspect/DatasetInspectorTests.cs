using System.Text;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Engine.Tests.Datasets.Inspect;

public sealed class DatasetInspectorTests
{
    [Theory]
    [InlineData("1\n-5", ColumnType.Int32)]
    [InlineData("1\n0", ColumnType.Int32)]
    [InlineData("1\n3000000000", ColumnType.Int64)]
    [InlineData("1\n2.50", ColumnType.Decimal)]
    [InlineData("1\n1e3", ColumnType.String)]
    [InlineData("true\nfalse", ColumnType.Boolean)]
    [InlineData("2024-01-01\n2024-01-02", ColumnType.Date)]
    [InlineData("2024-01-01T00:00:00Z\n2024-01-01 00:00:00", ColumnType.Timestamp)]
    [InlineData("00112233-4455-6677-8899-aabbccddeeff", ColumnType.Uuid)]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ColumnType.Sha256)]
    [InlineData("007", ColumnType.String)]
    [InlineData("\"\"", ColumnType.String)]
    public async Task Run_values_give_the_narrowest_type(string values, ColumnType type) =>
        (await InspectAsync($"v\n{values}\n")).Columns.Should().ContainSingle().Which.Type.Should().Be(type);

    [Fact]
    public async Task Run_decimal_gives_the_scale_that_loses_nothing()
    {
        var column = (await InspectAsync("v\n10\n-2.125\n3.50\n")).Columns[0];

        (column.Scale, column.Min, column.Max).Should().Be((3, "-2.125", "10"));
    }

    [Fact]
    public async Task Run_counts_rows_nulls_and_distinct_values()
    {
        var inspection = await InspectAsync("a,b\nx,1\ny,\nx,2\n");

        inspection.Rows.Should().Be(3);
        inspection.Columns.Select(column => (column.Name, column.Nulls, column.Distinct, column.DistinctExact, column.Min, column.Max))
            .Should().Equal(("a", 0, 2, true, "x", "y"), ("b", 1, 2, true, "1", "2"));
    }

    [Fact]
    public async Task Run_many_distinct_values_are_said_to_be_more()
    {
        var values = string.Concat(Enumerable.Range(0, ColumnProfile.DistinctEntries + 5).Select(i => $"{i}\n"));

        var column = (await InspectAsync("v\n" + values)).Columns[0];

        (column.Distinct, column.DistinctExact).Should().Be((ColumnProfile.DistinctEntries, false));
    }

    [Fact]
    public async Task Run_preview_shows_the_first_rows_cut_to_length()
    {
        var inspection = await InspectAsync($"a,b\n{new string('x', 100)},\n2,3\n4,5\n", previewRows: 2);

        inspection.Preview.Should().HaveCount(2);
        inspection.Preview[0].Should().Equal(new string('x', 64) + "...", null);
        inspection.Preview[1].Should().Equal("2", "3");
    }

    [Fact]
    public async Task Run_bad_records_are_reported_and_passed_over()
    {
        var inspection = await InspectAsync("a,b\n1,2\n3\n");

        (inspection.Rows, inspection.ProblemCounts[ProblemKind.RaggedRow], inspection.Problems[0].Row).Should().Be((2, 1, 2));
        inspection.Columns[0].Type.Should().Be(ColumnType.Int32);
    }

    [Fact]
    public async Task Run_file_that_does_not_open_is_reported()
    {
        var inspection = await InspectAsync("");

        inspection.Format.Should().BeNull();
        inspection.Problems.Should().ContainSingle().Which.Kind.Should().Be(ProblemKind.HeaderMissing);
        Encoding.UTF8.GetString(IngestReportCodec.Encode(inspection)).Should().Contain("header-missing");
    }

    private static Task<DatasetInspection> InspectAsync(string text, int previewRows = DatasetInspector.PreviewRows) =>
        DatasetInspector.RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), previewRows, progress: null, TestContext.Current.CancellationToken);
}
