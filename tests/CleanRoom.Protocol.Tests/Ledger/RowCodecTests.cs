using System.Text;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Ledger;

public sealed class RowCodecTests
{
    private static readonly LedgerRow _row = new(3, ContractSample.Start, TestKeys.Envelope("text/plain", Encoding.UTF8.GetBytes("{}"), "a"));

    [Fact]
    public void Parse_of_encoded_row_returns_it() => RowCodec.Parse(RowCodec.Encode(_row)).Value.Should().Be(_row);

    [Fact]
    public void Leaf_is_the_hash_of_the_row_bytes() => _row.Leaf.Should().Be(MerkleTree.LeafHash(RowCodec.Encode(_row)));

    [Theory]
    [InlineData("\"sequence\":3", "\"sequence\":-1", RefusalCode.RowInvalid)]
    [InlineData("\"sequence\":3", "\"sequence\":\"3\"", RefusalCode.RowInvalid)]
    [InlineData("\"sequence\":3", "\"sequence\":3,\"tail\":1", RefusalCode.RowInvalid)]
    [InlineData("\"sequence\":3,", "", RefusalCode.RowInvalid)]
    [InlineData("\"sequence\":3", "\"sequence\":3.0", RefusalCode.JsonInvalid)]
    [InlineData("\"sequence\":3", "\"sequence\": 3", RefusalCode.JsonNotCanonical)]
    [InlineData("2026-01-31T08:00:00.000Z", "2026-01-31T08:00:00Z", RefusalCode.RowInvalid)]
    [InlineData("\"kind\":\"es256\"", "\"kind\":\"none\"", RefusalCode.EnvelopeInvalid)]
    public void Parse_of_another_form_is_refused(string form, string other, RefusalCode code)
    {
        var text = Encoding.UTF8.GetString(RowCodec.Encode(_row));
        text.Should().Contain(form);

        RowCodec.Parse(Encoding.UTF8.GetBytes(text.Replace(form, other, StringComparison.Ordinal)))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(code);
    }

    [Fact]
    public void Parse_of_too_many_bytes_is_refused_before_reading() =>
        RowCodec.Parse(new byte[RowCodec.MaxRowBytes + 1])
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.DocumentTooLarge);
}
