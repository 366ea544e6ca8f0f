using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Jose;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Jose;

/// <summary>The form of tokens and of key sets.</summary>
public sealed class CompactJwsTests
{
    [Theory]
    [InlineData("""{"alg":"RS256"}""", """{"a":1}""", true)]
    [InlineData("""{"alg":"RS256","alg":"none"}""", """{"a":1}""", false)]
    [InlineData("""{"alg":"RS256"}""", """{"a":{"b":1,"b":2}}""", false)]
    [InlineData("""{"alg":"RS256","crit":["b64"]}""", """{"a":1}""", false)]
    [InlineData("""{"alg":"RS256"}""", "[1]", false)]
    [InlineData("""{"alg":"RS256"}""", """{"a":1} x""", false)]
    [InlineData("""{"alg":"RS256"}""", """{"a":1,}""", false)]
    [InlineData("""{"alg":"RS256"}""", """{"a":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}""", false)]
    public void Form_is_strict(string header, string payload, bool isRead) =>
        (CompactJws.Parse(TestToken.Sign(header, payload, TestKey.SharedRsa).Span) is not null).Should().Be(isRead);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.e30.e30")]
    [InlineData("e30=.e30.")]
    [InlineData("e31.e30.")]
    [InlineData("e30. e30.")]
    public void Other_text_is_refused(string token) => CompactJws.Parse(Encoding.ASCII.GetBytes(token)).Should().BeNull();

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"\udc00":2,"a":"b"}""")]
    public void Text_that_is_no_unicode_never_throws(string payload)
    {
        var token = CompactJws.Parse(TestToken.Sign("{}", payload, TestKey.SharedRsa).Span);

        token?.Payload.TextAt("a").Should().NotBe("x");
        token?.Payload.TextAt("iss").Should().BeNull();
    }

    [Fact]
    public void Key_set_with_two_keys_of_one_name_finds_none()
    {
        var one = Encoding.UTF8.GetString(TestToken.KeySet("k", TestKey.SharedRsa).Span);
        var entry = one[one.IndexOf('[', StringComparison.Ordinal)..].Trim('[', ']', '}') + "}";
        var two = Encoding.UTF8.GetBytes($$"""{"keys":[{{entry}},{{entry}}]}""");

        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(one))!.Find("k").Should().NotBeNull();
        JsonWebKeySet.Parse(two)!.Find("k").Should().BeNull();
        JsonWebKeySet.Parse(two)!.Find(null).Should().BeNull();
    }

    [Fact]
    public void Token_beyond_64_kib_is_refused()
    {
        var fits = Padded(CompactJws.MaxBytes);

        CompactJws.Parse(fits).Should().NotBeNull();
        CompactJws.Parse([.. fits, .. "AAAA"u8]).Should().BeNull();
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void More_than_six_certificates_of_a_header_are_not_read(int count, bool isRead)
    {
        var root = TestAuthority.Root("CN=Root", TestKey.Ec("P-256")).Der;
        var header = new JsonObject { ["x5c"] = TestToken.X5c([.. Enumerable.Repeat(root, count)]) };

        CompactJws.Parse(TestToken.Sign(header, new JsonObject(), TestKey.SharedRsa).Span)!.Certificates.HasValue.Should().Be(isRead);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void More_than_64_keys_of_a_set_are_not_read(int count, bool isRead)
    {
        var set = $$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}""";

        (JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(set)) is not null).Should().Be(isRead);
    }

    [Fact]
    public void Key_set_beyond_256_kib_is_refused()
    {
        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes("""{"keys":[]}""".PadRight(JsonWebKeySet.MaxBytes))).Should().NotBeNull();
        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes("""{"keys":[]}""".PadRight(JsonWebKeySet.MaxBytes + 1))).Should().BeNull();
    }

    /// <summary>Returns a token of exactly so many bytes, the rest of which is its signature.</summary>
    private static byte[] Padded(int length)
    {
        byte[] start = [.. "e30.e30."u8];
        return [.. start, .. Enumerable.Repeat((byte)'A', length - start.Length)];
    }
}
