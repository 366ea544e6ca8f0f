using System.Globalization;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Tests.Support;

namespace CleanRoom.Cryptography.Tests.Keys;

public sealed class UnitHashTests
{
    [Fact]
    public void Of_worked_cases_gives_their_hashes_one_after_the_other()
    {
        var cases = Vectors.Own("partition.json")["cases"].Items();
        foreach (var test in cases)
        {
            using var key = test["guestOnlyKey"].Secret();
            var hash = UnitHash.Of(key);

            hash.Of("another before"u8);
            hash.Of(test["unit"].Hex()).Should().Be(ulong.Parse(test["hash"].Text(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), test["name"].Text());
            hash.ToString().Should().Be("[redacted]");
        }

        cases.Should().HaveCountGreaterThanOrEqualTo(7);
    }
}
