using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Attestation.Peers;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Attestation.Tests.Peers;

/// <summary>Which nodes of another build are spoken with while rooms move: the one that is named, on machines that are as good. Spec: contracts/spec/0020 s.6.</summary>
public sealed class OtherBuildTests
{
    private static readonly IEvidenceVerifier[] _verifiers = [new InsecureSimulatedVerifier(), TestSnp.Verifier];
    private static readonly InsecureSimulatedMachine _next = InsecureSimulatedMachine.OfBuild("next");
    private static readonly FleetPolicy _own = TestPeer.Simulated().Fleet(_verifiers).Value;

    [Fact]
    public void Named_build_gets_in_and_this_nodes_own_and_a_third_do_not()
    {
        var other = _own.OtherBuild(_next.ToReferenceTuple()).Value;

        Appraise(_next, other).IsAccepted.Should().BeTrue();
        Refused(TestNode.First.Machine, other).Should().Contain("measurement");
        Refused(InsecureSimulatedMachine.OfBuild("third"), other).Should().Contain("measurement");
    }

    [Fact]
    public void Named_build_on_older_firmware_or_with_debug_does_not_get_in()
    {
        var other = _own.OtherBuild(_next.ToReferenceTuple() with { MinimumTcb = ImmutableSortedDictionary<string, int>.Empty }).Value;

        Refused(_next with { TcbVersion = _next.TcbVersion - 1 }, other).Should().Contain("tcb.simulated", "this node's own is the least, whatever the file says");
        Refused(_next with { Debug = true }, other).Should().Contain("debug");
    }

    [Fact]
    public void Higher_floor_and_named_chips_of_the_file_hold()
    {
        var tuple = _next.ToReferenceTuple();
        var newer = _own.OtherBuild(tuple with { MinimumTcb = tuple.MinimumTcb.SetItem("simulated", 2) }).Value;
        var chip = _own.OtherBuild(tuple with { ChipIds = [new string('0', 128)] }).Value;

        Refused(_next, newer).Should().Contain("tcb.simulated");
        Refused(_next, chip).Should().Contain("chip-id");
    }

    [Fact]
    public void Code_claims_that_are_not_named_stay_this_nodes_own() =>
        Refused(_next with { HostData = new Bytes(Enumerable.Repeat((byte)1, 32).ToArray()) }, _own.OtherBuild(_next.ToReferenceTuple()).Value)
            .Should().Contain("hostData");

    [Fact]
    public void Own_build_another_tee_debug_and_no_measurement_are_refused()
    {
        var tuple = _next.ToReferenceTuple();
        (ReferenceTuple Tuple, string Wanted)[] cases =
        [
            (TestNode.First.Machine.ToReferenceTuple(), "another build than this node's"),
            (tuple with { Tee = "intel-tdx" }, "another build on the tee of this node, simulated"),
            (tuple with { Debug = true }, "another build without debug"),
            (tuple with { Values = tuple.Values.Remove("measurement") }, "the other build's measurement"),
        ];

        foreach (var (named, wanted) in cases)
        {
            _own.OtherBuild(named).Refusals.Should().ContainSingle().Which.Should().Match<Refusal>(
                refusal => refusal.Code == RefusalCode.NotPermitted && refusal.Wanted == wanted);
        }
    }

    [Fact]
    public void Claim_about_the_machine_that_differs_from_this_nodes_is_refused()
    {
        var own = Snp().Fleet(_verifiers).Value;
        var tuple = own.Policy.Accepted[0];
        var next = tuple with { Values = tuple.Values.SetItem("measurement", string.Concat(Enumerable.Repeat("45", 48))) };

        own.OtherBuild(next).IsAccepted.Should().BeTrue();
        own.OtherBuild(next with { Values = next.Values.SetItem("vmpl", "1") }).Refusals.Should().ContainSingle().Which.Wanted.Should().StartWith("vmpl 0");
    }

    private static TestPeer Snp() => PeerAppraisalTests.Snp();

    private static Result<AppraisedNode> Appraise(InsecureSimulatedMachine machine, FleetPolicy fleet) =>
        PeerAppraisal.Appraise(TestPeer.Simulated(machine).Certificate(), fleet, TestPeer.At, _verifiers);

    private static IEnumerable<string> Refused(InsecureSimulatedMachine machine, FleetPolicy fleet) =>
        Appraise(machine, fleet).Refusals.Select(refusal => refusal.Wanted.Split(' ')[0]);
}
