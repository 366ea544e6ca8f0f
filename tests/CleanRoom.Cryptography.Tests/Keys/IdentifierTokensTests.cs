using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Tests.Support;

namespace CleanRoom.Cryptography.Tests.Keys;

public sealed class IdentifierTokensTests
{
    [Fact]
    public void Write_worked_cases_give_their_tokens()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var test in Vectors.Own("identifier-token.json")["cases"].Items())
        {
            using var key = test["guestOnlyKey"].Secret();
            using var tokens = IdentifierTokens.Of(key);
            var token = new byte[IdentifierTokens.TokenBytes];
            tokens.Write(test["profile"].Text(), test["identifier"].Hex(), token);

            Convert.ToHexStringLower(token).Should().Be(test["token"].Text(), test["name"].Text());
            seen.Add(test["token"].Text()).Should().BeTrue("no two of them are equal");
            tokens.ToString().Should().Be("[redacted]");
        }

        seen.Should().HaveCountGreaterThanOrEqualTo(5);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void Write_into_another_length_is_the_callers_bug(int bytes)
    {
        using var key = SecretBytes.Take(new byte[32]);
        using var tokens = IdentifierTokens.Of(key);
        var write = () => tokens.Write("email.basic.v1", "jane@example.com"u8, new byte[bytes]);

        write.Should().Throw<ArgumentException>();
    }
}
