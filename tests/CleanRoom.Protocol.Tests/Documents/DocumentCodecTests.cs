using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Documents;

public sealed class DocumentCodecTests
{
    public static TheoryData<string> Types => [.. DocumentSamples.All.Select(DocumentCodec.TypeOf)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Parse_of_encoded_document_returns_the_same_bytes(string type)
    {
        var bytes = DocumentCodec.Encode(Sample(type));

        var parsed = DocumentCodec.Parse(bytes);

        parsed.Refusals.Should().BeEmpty();
        DocumentCodec.Encode(parsed.Value).Should().Equal(bytes);
        parsed.Value.GetType().Should().Be(Sample(type).GetType());
    }

    [Fact]
    public void Samples_hold_every_document_type() =>
        Types.Select(row => row.Data).Should().BeEquivalentTo(
            DocumentJsonContext.Default.Document.PolymorphismOptions!.DerivedTypes.Select(derived => (string)derived.TypeDiscriminator!));

    [Theory]
    [MemberData(nameof(Types))]
    public void Parse_without_any_one_member_is_refused(string type)
    {
        foreach (var (without, path) in Mutations.WithoutEachMember(DocumentCodec.Encode(Sample(type))))
        {
            DocumentCodec.Parse(without).IsAccepted.Should().BeFalse($"{path} was left out");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Parse_with_any_one_unknown_member_is_refused(string type)
    {
        foreach (var (with, path) in Mutations.WithUnknownMembers(DocumentCodec.Encode(Sample(type))))
        {
            var refusals = DocumentCodec.Parse(with).Refusals;
            refusals.Should().NotBeEmpty($"an unknown member was put into {path}");
            refusals.Should().OnlyContain(refusal => refusal.Code == RefusalCode.DocumentInvalid);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Parse_with_null_for_any_array_item_or_array_is_refused(string type)
    {
        foreach (var (with, path) in Mutations.WithNulls(DocumentCodec.Encode(Sample(type))))
        {
            DocumentCodec.Parse(with).IsAccepted.Should().BeFalse($"null was put at {path}");
        }
    }

    [Theory]
    [InlineData("\"approve\"", "\"Approve\"")]
    [InlineData("\"approve\"", "1")]
    [InlineData("\"approve\"", "99")]
    [InlineData("\"approve\"", "\"approve, refuse\"")]
    [InlineData("\"approve\"", "\"1\"")]
    [InlineData("\"approve\"", "\" approve\"")]
    [InlineData("\"maxRuns\":1", "\"maxRuns\":\"1\"")]
    [InlineData("\"maxRuns\":1", "\"maxRuns\":3000000000")]
    [InlineData("\"maxRuns\":1", "\"maxRuns\":true")]
    [InlineData("2027-01-31T08:00:00.000Z", "2027-01-31T08:00:00Z")]
    [InlineData("2027-01-31T08:00:00.000Z", "2027-01-31T08:00:00.000+00:00")]
    [InlineData("2027-01-31T08:00:00.000Z", "2027-02-30T08:00:00.000Z")]
    public void Parse_of_a_second_form_of_a_value_is_refused(string form, string other)
    {
        var text = Text("cleanroom/v1/approval");
        text.Should().Contain(form);

        var result = DocumentCodec.Parse(Encoding.UTF8.GetBytes(text.Replace(form, other, StringComparison.Ordinal)));

        result.Refusals.Should().OnlyContain(refusal => refusal.Code == RefusalCode.DocumentInvalid).And.NotBeEmpty();
    }

    [Theory]
    [InlineData("+1.0")]
    [InlineData("01.0")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("-0")]
    [InlineData("-0.00")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("1,000")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("")]
    public void Parse_of_a_second_form_of_a_decimal_is_refused(string text)
    {
        var contract = Text("cleanroom/v1/contract").Replace("\"epsilon\":\"1.0\"", $"\"epsilon\":\"{text}\"", StringComparison.Ordinal);

        var result = DocumentCodec.Parse(Encoding.UTF8.GetBytes(contract));

        result.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Parse_of_an_upper_case_digest_names_its_place()
    {
        var digest = DocumentSamples.ContractDigest.ToString();
        var text = Text("cleanroom/v1/suspend").Replace(digest, digest.ToUpperInvariant(), StringComparison.Ordinal);

        var result = DocumentCodec.Parse(Encoding.UTF8.GetBytes(text));

        result.Refusals.Should().ContainSingle().Which.ToString()
            .Should().Be("document-invalid: wanted 64 lower-case hex digits; got another at $.contractDigest");
    }

    [Fact]
    public void Parse_of_whitespace_is_not_canonical() =>
        DocumentCodec.Parse([.. Encoding.UTF8.GetBytes(Text("cleanroom/v1/resume")), (byte)'\n'])
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.JsonNotCanonical);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"type\":null}")]
    [InlineData("{\"type\":\"cleanroom/v2/contract\"}")]
    [InlineData("{\"type\":\"cleanroom/v1/receipt\"}")]
    [InlineData("{\"Type\":\"cleanroom/v1/contract\"}")]
    public void Parse_of_another_type_is_unknown(string text) =>
        DocumentCodec.Parse(Encoding.UTF8.GetBytes(text))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.DocumentUnknownType);

    [Fact]
    public void Parse_of_another_kind_names_both()
    {
        var result = DocumentCodec.Parse<Contract>(DocumentCodec.Encode(Sample("cleanroom/v1/resume")));

        result.Refusals.Should().ContainSingle().Which.ToString()
            .Should().Be("document-invalid: wanted type cleanroom/v1/contract; got type cleanroom/v1/resume");
    }

    [Fact]
    public void Parse_of_too_many_bytes_is_refused_before_reading() =>
        DocumentCodec.Parse(new byte[DocumentCodec.MaxDocumentBytes + 1])
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.DocumentTooLarge);

    [Fact]
    public void Encode_of_too_large_a_document_is_a_bug_of_the_caller()
    {
        var document = (Suspend)Sample("cleanroom/v1/suspend") with { Reason = new string('x', DocumentCodec.MaxDocumentBytes) };

        FluentActions.Invoking(() => DocumentCodec.Encode(document)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Encode_of_an_integer_beyond_json_is_a_bug_of_the_caller()
    {
        var document = (Resume)Sample("cleanroom/v1/resume") with { SuspendSequence = 1L << 53 };

        FluentActions.Invoking(() => DocumentCodec.Encode(document)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void DigestOf_is_sha256_of_the_stored_bytes() =>
        DocumentCodec.DigestOf(ContractSample.Contract).Should().Be(Digest.Of(DocumentCodec.Encode(ContractSample.Contract)));

    [Fact]
    public void PayloadTypeOf_names_the_document() =>
        DocumentCodec.PayloadTypeOf(Sample("cleanroom/v1/dataset-manifest")).Should().Be("application/vnd.cleanroom.dataset-manifest.v1+json");

    private static Document Sample(string type) => DocumentSamples.All.Single(document => DocumentCodec.TypeOf(document) == type);

    private static string Text(string type) => Encoding.UTF8.GetString(DocumentCodec.Encode(Sample(type)));
}
