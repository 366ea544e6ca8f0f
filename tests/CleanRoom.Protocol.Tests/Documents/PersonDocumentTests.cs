using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Documents;

public sealed class PersonDocumentTests
{
    [Fact]
    public void FromPerson_takes_any_whitespace_and_member_order()
    {
        var resume = DocumentSamples.All.OfType<Resume>().Single();
        var text = $$"""
            {
              "type": "cleanroom/v1/resume",
              "suspendSequence": 7,
              "nonce": "{{resume.Nonce}}",
              "contractDigest": "{{resume.ContractDigest}}",
              "collaboration": "{{resume.Collaboration}}"
            }

            """;

        DocumentCodec.FromPerson<Resume>(Encoding.UTF8.GetBytes(text)).Value.Should().Be(resume);
    }

    [Fact]
    public void FromPerson_names_all_unknown_and_missing_members()
    {
        const string text = """{"type": "cleanroom/v1/resume", "collaboration": "c", "suspendSequence": 7, "color": 1, "nonce": ""}""";

        var result = DocumentCodec.FromPerson<Resume>(Encoding.UTF8.GetBytes(text));

        result.Refusals.Select(refusal => refusal.ToString()).Should().BeEquivalentTo(
            "document-invalid: wanted only declared members; got the unknown member $.color",
            "document-invalid: wanted the member $.contractDigest; got none");
    }

    [Fact]
    public void FromPerson_names_the_place_of_a_word_in_another_case()
    {
        var text = Encoding.UTF8.GetString(DocumentCodec.Encode(ContractSample.Contract))
            .Replace("\"tier\":\"threshold\"", "\"tier\":\"Threshold\"", StringComparison.Ordinal);

        var result = DocumentCodec.FromPerson<Contract>(Encoding.UTF8.GetBytes(text));

        result.Refusals.Should().ContainSingle().Which.Got.Should().Be("another at $.datasets[0].policy.tier");
    }

    [Theory]
    [InlineData("\"public\":true", "\"public\":false", "$.datasets[0].policy.columns.status.public")]
    [InlineData("\"scale\":2", "\"scale\":null", "$.datasets[1].policy.columns.value.scale")]
    public void FromPerson_names_the_place_of_a_member_that_should_be_absent(string form, string other, string path)
    {
        var text = Encoding.UTF8.GetString(DocumentCodec.Encode(ContractSample.Contract)).Replace(form, other, StringComparison.Ordinal);

        var result = DocumentCodec.FromPerson<Contract>(Encoding.UTF8.GetBytes(text));

        result.Refusals.Should().ContainSingle().Which.ToString()
            .Should().Be($"document-invalid: wanted the one written form of the value; got {path}");
    }

    [Fact]
    public void FromPerson_never_repeats_a_name_that_could_not_be_printed()
    {
        var text = $"{{\"type\":\"cleanroom/v1/resume\",\"{new string('x', 5000)}\":1,\"\\u001b[31m\":1}}";

        var result = DocumentCodec.FromPerson<Resume>(Encoding.UTF8.GetBytes(text));

        result.Refusals.Select(refusal => refusal.Got).Should().Contain("the unknown member $[a name of 5000 characters]")
            .And.Contain("the unknown member $[a name of 5 characters]");
    }

    [Fact]
    public void FromPerson_lists_at_most_twenty_places()
    {
        var text = "{\"type\":\"cleanroom/v1/resume\"" + string.Concat(Enumerable.Range(0, 100).Select(i => $",\"m{i}\":1")) + "}";

        DocumentCodec.FromPerson<Resume>(Encoding.UTF8.GetBytes(text)).Refusals.Should().HaveCount(20);
    }
}
