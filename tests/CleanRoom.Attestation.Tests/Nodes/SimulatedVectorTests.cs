using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Nodes;

/// <summary>contracts/vectors/attestation/simulated.json: replayed, relayed, malformed, foreign and mixed evidence.</summary>
public sealed class SimulatedVectorTests
{
    public static TheoryData<string> Names =>
        [.. AttestationVectors.Simulated.GetProperty("cases").EnumerateArray().Select(json => AttestationVectors.Text(json, "name"))];

    [Fact]
    public void Key_measurement_and_chip_are_the_published_ones()
    {
        var machine = InsecureSimulatedMachine.OfBuild(AttestationVectors.Text(AttestationVectors.Simulated, "build"));

        InsecureSimulatedKey.SeedText.Should().Be(AttestationVectors.Text(AttestationVectors.Simulated, "seedText"));
        Convert.ToHexStringLower(InsecureSimulatedKey.PublicKey.Span).Should().Be(AttestationVectors.Text(AttestationVectors.Simulated, "publicKey"));
        Convert.ToHexStringLower(machine.Measurement.Span).Should().Be(AttestationVectors.Text(AttestationVectors.Simulated, "measurement"));
        Convert.ToHexStringLower(machine.ChipId.Span).Should().Be(AttestationVectors.Text(AttestationVectors.Simulated, "chipId"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_has_the_published_verdict_and_every_failure(string name)
    {
        var json = AttestationVectors.Simulated.GetProperty("cases").EnumerateArray().Single(one => AttestationVectors.Text(one, "name") == name);
        var attestation = AttestationVectors.Attestation(json);
        var expected = AttestationVectors.Expected(json.GetProperty("expected"));
        var policy = AttestationVectors.Policy(json.GetProperty("policy"));
        var allowInsecure = json.GetProperty("allowInsecure").GetBoolean();
        var at = AttestationVectors.Time(AttestationVectors.Text(json, "at"));

        var result = NodeAppraisal.Examine(attestation, expected, policy, allowInsecure, at, [new InsecureSimulatedVerifier()]);
        var node = NodeAppraisal.Appraise(attestation, expected, policy, allowInsecure, at, [new InsecureSimulatedVerifier()]);

        result.Verdict.Word().Should().Be(AttestationVectors.Text(json, "verdict"));
        result.Failures.Select(failure => $"{failure.Code.Slug()}:{failure.Check}").Distinct().Order(StringComparer.Ordinal)
            .Should().Equal(json.GetProperty("failures").EnumerateArray().Select(one => one.GetString()));
        result.Failures.Where(failure => failure.Wanted.Length == 0 || failure.Got.Length == 0).Should().BeEmpty();
        node.IsAccepted.Should().Be(result.Verdict == AttestationVerdict.Warning);
        node.Refusals.Select(refusal => refusal.Code).Should().Equal(result.Failures.Select(failure => failure.Code));
    }
}
