using System.Text;
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
        JsonWebKeySet.Parse(two)!.Keys.Should().HaveCount(2);
        JsonWebKeySet.Parse(two)!.Find("k").Should().BeNull();
        JsonWebKeySet.Parse(two)!.Find(null).Should().BeNull();
    }
}
