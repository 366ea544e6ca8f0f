using System.Security.Cryptography;
using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Documents;

public sealed class ReceiptTests
{
    [Fact]
    public void Parse_of_encoded_receipt_returns_the_same_bytes()
    {
        var bytes = DocumentCodec.Encode(DocumentSamples.Receipt);

        DocumentCodec.Encode(DocumentCodec.ParseReceipt(bytes).Value).Should().Equal(bytes);
    }

    [Theory]
    [InlineData("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1", RefusalCode.DocumentUnknownType)]
    [InlineData("cleanroom/v1/receipt", "cleanroom/v2/receipt", RefusalCode.DocumentUnknownType)]
    [InlineData("\"subject\":[", "\"subject\":[null,", RefusalCode.DocumentInvalid)]
    [InlineData("\"chargeSequence\":41", "\"chargeSequence\":\"41\"", RefusalCode.DocumentInvalid)]
    [InlineData("{\"_type\"", "{\"Atype\":1,\"_type\"", RefusalCode.DocumentInvalid)]
    public void ParseReceipt_of_another_form_is_refused(string form, string other, RefusalCode code)
    {
        var text = Encoding.UTF8.GetString(DocumentCodec.Encode(DocumentSamples.Receipt));
        text.Should().Contain(form);

        DocumentCodec.ParseReceipt(Encoding.UTF8.GetBytes(text.Replace(form, other, StringComparison.Ordinal)))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ParseReceipt_with_other_than_one_subject_is_refused(int count)
    {
        var receipt = DocumentSamples.Receipt with { Subject = [.. Enumerable.Repeat(DocumentSamples.Receipt.Subject[0], count)] };

        DocumentCodec.ParseReceipt(DocumentCodec.Encode(receipt)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Parse_of_a_receipt_as_a_document_is_refused() =>
        DocumentCodec.Parse(DocumentCodec.Encode(DocumentSamples.Receipt))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.DocumentUnknownType);

    [Fact]
    public void ReportData_is_the_labelled_sha512_of_the_binding()
    {
        var binding = DocumentSamples.All.OfType<Binding>().Single();
        byte[] input = [.. "cleanroom/v1/attest"u8, 0, .. DocumentCodec.Encode(binding)];

        AttestationBinding.ReportData(binding).Should().Equal(SHA512.HashData(input)).And.HaveCount(AttestationBinding.ReportDataLength);
    }

    [Fact]
    public void CollaborationId_changes_with_each_part()
    {
        Bytes a = new("a"u8), b = new("b"u8), c = new("c"u8);
        var digest = Digest.Of("contract"u8);
        string[] ids =
        [
            CollaborationId.Of(digest, a, b, c), CollaborationId.Of(digest, b, a, c), CollaborationId.Of(digest, a, c, b),
            CollaborationId.Of(digest, b, b, c), CollaborationId.Of(digest, a, a, c), CollaborationId.Of(digest, a, b, a),
            CollaborationId.Of(Digest.Of("other"u8), a, b, c),
        ];

        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 64);
    }
}
