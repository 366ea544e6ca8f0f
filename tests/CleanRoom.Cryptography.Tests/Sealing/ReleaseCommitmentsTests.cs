using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class ReleaseCommitmentsTests
{
    [Fact]
    public void Commit_worked_cases_give_their_commitments()
    {
        var vector = Vectors.Own("release.json");
        var commitments = new HashSet<string>(StringComparer.Ordinal);
        foreach (var test in vector["cases"].Items())
        {
            var commitment = ReleaseCommitments.Commit(vector["salt"].Hex(), Digest.Parse(vector["manifestDigest"].Text()), test["ids"].Items().Select(id => id.Text()));

            commitment.ToString().Should().Be(test["commitment"].Text(), test["name"].Text());
            commitments.Add(commitment.ToString()).Should().BeTrue("no two sets have one commitment");
        }

        foreach (var test in vector["differ"].Items())
        {
            var commitment = ReleaseCommitments.Commit(test["salt"].Hex(), Digest.Parse(test["manifestDigest"].Text()), test["ids"].Items().Select(id => id.Text()));

            commitment.ToString().Should().Be(test["commitment"].Text(), test["name"].Text());
            commitments.Add(commitment.ToString()).Should().BeTrue(test["name"].Text());
        }
    }

    [Fact]
    public void ReleaseSalt_is_derived_as_the_vector_says()
    {
        var vector = Vectors.Own("release.json");
        using var key = vector["guestOnlyKey"].Secret();
        using var salt = RunSeeds.ReleaseSalt(key, Digest.Parse(vector["chargeLeaf"].Text()));

        salt.Span.ToArray().Should().Equal(vector["guestSalt"].Hex());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Commit_salt_of_another_length_is_the_callers_bug(int bytes)
    {
        var commit = () => ReleaseCommitments.Commit(new byte[bytes], Digest.Of("manifest"u8), ["a"]);

        commit.Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task SealedResult_has_the_salt_that_its_reader_finds()
    {
        var context = new ResultContext("c", Digest.Of("q"u8), 3);
        using var ana = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var result = await ResultSealing.SealAsync(TestKeys.Backend, context, "answer"u8.ToArray(), TestKeys.Cancel);

        ResultSealing.Commit(result.Salt.Span, "answer"u8).Should().Be(result.Commitment);
    }
}
