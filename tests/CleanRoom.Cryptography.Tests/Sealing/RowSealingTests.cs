using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class RowSealingTests
{
    [Fact]
    public async Task SealAsync_worked_rows_are_reproduced()
    {
        var vector = Vectors.Own("row.json");
        using var rowKey = vector["rowKey"].Secret();
        foreach (var test in vector["valid"].Items())
        {
            var row = Encoding.UTF8.GetBytes(test["row"].Text());

            var blob = await RowSealing.SealAsync(TestKeys.Backend, rowKey, Position(test), test["salt"].Hex(), row, TestKeys.Cancel);
            var opened = await RowSealing.OpenAsync(TestKeys.Backend, rowKey, Position(test), blob, TestKeys.Cancel);

            blob.Should().Equal(test["sealed"].Hex());
            opened.Value.Should().Equal(row);
        }
    }

    [Fact]
    public async Task OpenAsync_worked_failures_are_refused()
    {
        var vector = Vectors.Own("row.json");
        using var rowKey = vector["rowKey"].Secret();
        foreach (var test in vector["invalid"].Items())
        {
            var changed = vector["valid"]![0]!.DeepClone();
            foreach (var (name, value) in test["set"]?.AsObject() ?? [])
            {
                changed[name] = value?.DeepClone();
            }

            var blob = (test["sealed"] ?? changed["sealed"]).Hex();
            var opened = await RowSealing.OpenAsync(TestKeys.Backend, rowKey, Position(changed), blob, TestKeys.Cancel);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task SealAsync_same_row_twice_shares_no_key_stream()
    {
        using var rowKey = SecretBytes.Random(32);
        var position = new RowPosition("c", 0, null);

        var first = await RowSealing.SealAsync(TestKeys.Backend, rowKey, position, new byte[64], TestKeys.Cancel);
        var second = await RowSealing.SealAsync(TestKeys.Backend, rowKey, position, new byte[64], TestKeys.Cancel);

        first.Length.Should().Be(64 + RowSealing.OverheadBytes);
        first.AsSpan(32, 64).SequenceEqual(second.AsSpan(32, 64)).Should().BeFalse();
    }

    private static RowPosition Position(JsonNode test) => new(
        test["collaboration"].Text(),
        test["sequence"].Long(),
        test["previousLeaf"] is { } leaf ? Digest.Parse(leaf.Text()) : null);
}
