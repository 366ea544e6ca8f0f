using System.Text;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Collaborations;
using CsCheck;

namespace CleanRoom.Attestation.Tests.Insecure;

/// <summary>The simulated TEE notices changes, and says loudly what it is worth.</summary>
public sealed class InsecureSimulatedTests
{
    private static readonly InsecureSimulatedVerifier _verifier = new();
    private static readonly Bytes _evidence = TestNode.First.Attest(TestStages.Active.RoomBinding(TestNode.First)).Evidence;

    [Fact]
    public async Task Attester_commits_to_the_report_data_and_to_its_machine()
    {
        var reportData = TestRandom.Bytes("report data", 64);

        var made = await new InsecureSimulatedAttester(TestNode.First.Machine).AttestAsync(reportData.ToArray(), TestContext.Current.CancellationToken);

        _verifier.Parse(made.Evidence.Span, made.Endorsements).TryGet(out var parsed, out _).Should().BeTrue();
        _verifier.Verify(parsed!, TestPeople.From).TryGet(out var verified, out _).Should().BeTrue();
        verified!.Claims.ReportData.Should().Be(Convert.ToHexStringLower(reportData.Span));
        verified.Claims.Values[EvidenceClaims.Measurement].Should().Be(Convert.ToHexStringLower(TestNode.First.Machine.Measurement.Span));
        verified.Words.Should().ContainSingle().Which.Should().Contain("proves nothing");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public async Task Attester_refuses_report_data_of_another_length(int length)
    {
        var act = async () => await new InsecureSimulatedAttester(TestNode.First.Machine).AttestAsync(new byte[length], TestContext.Current.CancellationToken);

        await act.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public void Evidence_says_in_its_bytes_what_it_is_worth() => Encoding.UTF8.GetString(_evidence.Span).Should().Contain("INSECURE").And.Contain("proves nothing");

    [Fact]
    public void Any_bit_flipped_in_evidence_is_noticed_and_never_throws() =>
        Gen.Select(Gen.Int[0, _evidence.Length - 1], Gen.Int[0, 7]).Sample(
            (place, bit) =>
            {
                var bytes = _evidence.ToArray();
                bytes[place] ^= (byte)(1 << bit);
                return !_verifier.Parse(bytes, []).TryGet(out var parsed, out _) || !_verifier.Verify(parsed, TestPeople.From).TryGet(out _, out _);
            },
            iter: 1_000);

    [Fact]
    public void Any_bytes_are_refused_and_never_throw() =>
        Gen.Byte.Array[0, 300].Sample(bytes => !_verifier.Parse(bytes, []).TryGet(out _, out _), iter: 500);

    [Fact]
    public void Oversized_evidence_is_refused() => _verifier.Parse(new byte[5_000], []).TryGet(out _, out _).Should().BeFalse();

    [Fact]
    public void Evidence_of_another_verifier_is_the_callers_mistake()
    {
        new FakeVerifier().Parse([], []).TryGet(out var foreign, out _);
        var act = () => _verifier.Verify(foreign!, TestPeople.From);

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Machines_of_two_builds_have_two_measurements()
    {
        InsecureSimulatedMachine.OfBuild("a").Measurement.Should().NotBe(InsecureSimulatedMachine.OfBuild("b").Measurement);
        InsecureSimulatedMachine.OfBuild("a").ToReferenceTuple().Tee.Should().Be("simulated");
    }
}
