using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Documents;

/// <summary>The member that results and receipts of the tier list have, and no others.</summary>
public sealed class ReleaseDocumentTests
{
    private const string Release = """{"columns":[0,2],"commitment":"aa","manifestDigest":"bb","units":57}""";

    private static readonly string _result = Encoding.UTF8.GetString(DocumentCodec.Encode(DocumentSamples.All.OfType<RunResult>().Single() with { Releases = null }));
    private static readonly string _receipt = Encoding.UTF8.GetString(DocumentCodec.Encode(
        DocumentSamples.Receipt with { Predicate = DocumentSamples.Receipt.Predicate with { Releases = null } }));

    [Fact]
    public void Documents_of_other_tiers_do_not_have_it() => (_result + _receipt).Should().NotContain("releases");

    [Fact]
    public void Result_with_it_is_read_and_written_again()
    {
        var read = DocumentCodec.Parse<RunResult>(Bytes(With($"[{Release}]"))).Value;

        read.Releases!.Value.Should().ContainSingle().Which.Should().Match<ReleaseRecord>(release => release.Units == 57 && release.Columns.SequenceEqual(new[] { 0, 2 }));
        Encoding.UTF8.GetString(DocumentCodec.Encode(read)).Should().Be(With($"[{Release}]"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("""[{"columns":[0],"commitment":"aa","manifestDigest":"bb"}]""")]
    [InlineData("""[{"commitment":"aa","manifestDigest":"bb","units":57}]""")]
    [InlineData("""[{"columns":[0],"commitment":"aa","ids":["u7"],"manifestDigest":"bb","units":57}]""")]
    [InlineData("""[{"columns":[null],"commitment":"aa","manifestDigest":"bb","units":57}]""")]
    [InlineData("""[{"columns":[0],"commitment":"aa","manifestDigest":"bb","units":"57"}]""")]
    [InlineData("""[{"columns":[0],"commitment":"no digest","manifestDigest":"bb","units":57}]""")]
    public void Result_with_another_form_of_it_is_refused(string releases) =>
        DocumentCodec.Parse<RunResult>(Bytes(With(releases))).Refusals.Should().OnlyContain(refusal => refusal.Code == RefusalCode.DocumentInvalid).And.NotBeEmpty();

    // Members are in canonical order: it stands before "type".
    private static string With(string releases) => _result.Replace("\"type\":", $"\"releases\":{releases},\"type\":", StringComparison.Ordinal)
        .Replace("\"aa\"", $"\"{Digest.Of("release"u8)}\"", StringComparison.Ordinal).Replace("\"bb\"", $"\"{Digest.Of("manifest"u8)}\"", StringComparison.Ordinal);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
