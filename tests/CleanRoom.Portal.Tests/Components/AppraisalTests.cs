using CleanRoom.Attestation.Appraisal;
using CleanRoom.Client.Rooms;
using CleanRoom.Portal.Features.Results;
using CleanRoom.Portal.Features.Rooms;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Tests.Components;

public sealed class AppraisalTests
{
    [Theory]
    [InlineData(AttestationVerdict.Affirming, true, "Green")]
    [InlineData(AttestationVerdict.Affirming, false, "Amber")]
    [InlineData(AttestationVerdict.Warning, true, "Amber")]
    [InlineData(AttestationVerdict.Contraindicated, true, "Red")]
    [InlineData(AttestationVerdict.None, true, "Red")]
    public void Green_takes_every_check_of_a_contract(AttestationVerdict verdict, bool isUnderContract, string light)
    {
        var result = new AttestationResult { Tee = "tpm", Verdict = verdict, Failures = [], Claims = null, Words = [] };

        new Appraisal(default, new NodeEvidence(null!, result), [], isUnderContract).Light.ToString().Should().Be(light);
    }

    [Theory]
    [InlineData("simulated", true)]
    [InlineData("amd-sev-snp", false)]
    public void Simulated_machine_is_called_so(string tee, bool isSimulated)
    {
        var result = new AttestationResult { Tee = tee, Verdict = AttestationVerdict.Warning, Failures = [], Claims = null, Words = [] };

        new Appraisal(default, new NodeEvidence(null!, result), [], IsUnderContract: true).IsSimulated.Should().Be(isSimulated);
    }

    [Fact]
    public void Room_that_does_not_answer_is_red() =>
        new Appraisal(default, null, [new Refusal(RefusalCode.Unavailable, "an answer", "none")], true).Light.Should().Be(RoomLight.Red);

    [Fact]
    public void Cells_are_sorted_as_numbers_where_they_are_numbers() =>
        new[] { "10", "b", "9.5", null, "-1", "a" }.OrderBy(ResultPage.SortKey).Should().Equal("-1", "9.5", "10", null, "a", "b");
}
