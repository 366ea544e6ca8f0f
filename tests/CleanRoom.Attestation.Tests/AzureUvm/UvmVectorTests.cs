using System.Text;
using CleanRoom.Attestation.AzureUvm;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AzureUvm;

/// <summary>Genuine statements get the verdict and the values that the collection's own verifier reached.</summary>
public sealed class UvmVectorTests
{
    [Fact]
    public void Vectors_agree()
    {
        var expected = SharedVectors.Json("amd-snp/expected-uvm-endorsements.json").EnumerateArray().ToList();
        expected.Should().HaveCount(3).And.OnlyContain(one => one.GetProperty("verdict").GetString() == "accept");
        foreach (var one in expected)
        {
            var file = one.GetProperty("file").GetString()!;
            UvmEndorsement.Parse(Read(file)).TryGet(out var endorsement, out var failures).Should().BeTrue($"{file}: {string.Join("; ", failures)}");
            new UvmEndorsementVerifier().Verify(endorsement!, Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)))
                .TryGet(out var verified, out failures).Should().BeTrue($"{file}: {string.Join("; ", failures)}");
            var payload = one.GetProperty("payload");
            Convert.ToHexStringLower(verified!.LaunchMeasurement.Span).Should().Be(payload.GetProperty("x-ms-sevsnpvm-launchmeasurement").GetString());
            verified.GuestSvn.ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(payload.GetProperty("x-ms-sevsnpvm-guestsvn").GetString());
            verified.Feed.Should().Be(one.GetProperty("feed").GetString());
        }
    }

    private static byte[] Read(string file)
    {
        var bytes = SharedVectors.Read("amd-snp/" + file);
        return file.EndsWith("base64", StringComparison.Ordinal) ? Convert.FromBase64String(Encoding.ASCII.GetString(bytes).Trim()) : bytes;
    }
}
