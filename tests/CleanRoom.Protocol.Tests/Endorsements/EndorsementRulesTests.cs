using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Endorsements;

/// <summary>An endorsement names other code, and widens nothing else. Spec: contracts/spec/0025 s.3.</summary>
public sealed class EndorsementRulesTests
{
    private const string Collaboration = "c0ffee";

    private static readonly Digest _anchor = Digest.Of("maker"u8);
    private static readonly ReferenceTuple _accepted = new()
    {
        Tee = "amd-sev-snp",
        Values = Values(("measurement", "00aa"), ("hostData", "00bb"), ("vmpl", "0"), ("cspId", "azure")),
        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty.Add("reported.snp", 20).Add("reported.microcode", 200),
        ChipIds = ["0a", "0b"],
        Anchors = [_anchor],
        Debug = false,
    };

    private static readonly Contract _contract = TestEndorsements.With(TestContracts.First) with
    {
        AllowInsecure = false,
        Attestation = new AttestationPolicy { Accepted = [_accepted], CodeEndorsers = [TestEndorsements.Builder.PublicKey] },
    };

    private static readonly CodeEndorsement _endorsement = new()
    {
        Collaboration = Collaboration,
        ContractDigest = DocumentCodec.DigestOf(_contract),
        Tuple = _accepted with { Values = _accepted.Values.SetItem("measurement", "00ff").SetItem("hostData", "00ee") },
        Reason = "a fix",
        NotBefore = _contract.NotBefore,
        Expires = _contract.Expires,
        Nonce = TestRandom.Nonce("endorsement"),
    };

    [Fact]
    public void Other_code_on_the_same_machines_is_endorsed()
    {
        Check(_endorsement).Should().BeEmpty();
        Check(Tuple(tuple => tuple with { ChipIds = ["0b"] })).Should().BeEmpty("fewer chips");
        Check(Tuple(tuple => tuple with { MinimumTcb = tuple.MinimumTcb.SetItem("reported.snp", 21).Add("launch.snp", 1) })).Should().BeEmpty("a higher floor, and one more");
        Check(Tuple(tuple => tuple with { Values = tuple.Values.Add("imageId", "01") })).Should().BeEmpty("more said of the code");
    }

    [Theory]
    [InlineData("vmpl", "3")]
    [InlineData("cspId", "none")]
    [InlineData("migratable", "true")]
    [InlineData("tcbStatus", "OutOfDate")]
    [InlineData("policy", "0000")]
    public void Claim_about_the_machine_is_the_contracts_to_decide(string claim, string value) =>
        Refuses(Tuple(tuple => tuple with { Values = tuple.Values.SetItem(claim, value) }), RefusalCode.NotPermitted);

    [Theory]
    [InlineData("vmpl")]
    [InlineData("hostData")]
    public void Claim_that_the_contract_names_is_not_left_out(string claim) =>
        Refuses(Tuple(tuple => tuple with { Values = tuple.Values.Remove(claim) }), RefusalCode.NotPermitted);

    [Fact]
    public void Tuple_without_a_measurement_is_refused() =>
        Check(Tuple(tuple => tuple with { Values = tuple.Values.Remove("measurement") })).Select(refusal => refusal.Code).Should().Contain(RefusalCode.ContractInvalid);

    [Fact]
    public void Older_firmware_other_chips_another_maker_and_another_tee_are_refused()
    {
        Refuses(Tuple(tuple => tuple with { MinimumTcb = tuple.MinimumTcb.SetItem("reported.snp", 19) }), RefusalCode.NotPermitted);
        Refuses(Tuple(tuple => tuple with { MinimumTcb = tuple.MinimumTcb.Remove("reported.microcode") }), RefusalCode.NotPermitted);
        Refuses(Tuple(tuple => tuple with { ChipIds = ["0a", "0c"] }), RefusalCode.NotPermitted);
        Refuses(Tuple(tuple => tuple with { ChipIds = ["any"] }), RefusalCode.NotPermitted);
        Refuses(Tuple(tuple => tuple with { Anchors = [_anchor, Digest.Of("another maker"u8)] }), RefusalCode.NotPermitted);
        Refuses(Tuple(tuple => tuple with { Tee = "intel-tdx" }), RefusalCode.NotPermitted);
    }

    [Fact]
    public void Rules_of_a_contracts_tuple_hold_for_an_endorsed_one()
    {
        Refuses(Tuple(tuple => tuple with { Anchors = [] }), RefusalCode.ContractInvalid);
        Refuses(Tuple(tuple => tuple with { ChipIds = [] }), RefusalCode.ContractInvalid);
        Refuses(Tuple(tuple => tuple with { Values = tuple.Values.SetItem("measurement", "00FF") }), RefusalCode.ContractInvalid);
        Refuses(Tuple(tuple => tuple with { Tee = "simulated" }), RefusalCode.ContractInvalid);
        Refuses(Tuple(tuple => tuple with { Debug = true }), RefusalCode.ContractInvalid);
    }

    [Fact]
    public void Mixture_of_two_tuples_of_the_contract_is_wider_than_each()
    {
        var other = _accepted with { Values = _accepted.Values.SetItem("vmpl", "1"), ChipIds = ["any"] };
        var contract = _contract with { Attestation = _contract.Attestation with { Accepted = [_accepted, other] } };
        var endorsement = Tuple(tuple => tuple with { ChipIds = ["any"] }) with { ContractDigest = DocumentCodec.DigestOf(contract) };

        EndorsementRules.Check(endorsement, Collaboration, contract).Should().ContainSingle().Which.Code.Should().Be(RefusalCode.NotPermitted);
        EndorsementRules.Check(endorsement with { Tuple = endorsement.Tuple with { Values = endorsement.Tuple.Values.SetItem("vmpl", "1") } }, Collaboration, contract)
            .Should().BeEmpty();
    }

    [Fact]
    public void Form_that_is_broken_is_refused()
    {
        Refuses(_endorsement with { Nonce = TestRandom.Bytes("nonce", 15) }, RefusalCode.DocumentInvalid);
        Refuses(_endorsement with { Reason = string.Empty }, RefusalCode.DocumentInvalid);
        Refuses(_endorsement with { Reason = "two\nlines" }, RefusalCode.DocumentInvalid);
        Refuses(_endorsement with { Reason = new string('a', 1_001) }, RefusalCode.DocumentInvalid);
        Refuses(_endorsement with { Expires = _endorsement.NotBefore }, RefusalCode.DocumentInvalid);
        Refuses(_endorsement with { Expires = _contract.Expires.Plus(TimeSpan.FromMilliseconds(1)) }, RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once() => Check(_endorsement with { Collaboration = "other", ContractDigest = Digest.Of("other"u8), Reason = string.Empty })
        .Select(refusal => refusal.Code).Should().Equal(RefusalCode.NotPermitted, RefusalCode.ContractConflict, RefusalCode.DocumentInvalid);

    [Fact]
    public void Contract_names_at_most_as_many_endorsers_as_an_envelope_holds_signatures()
    {
        var many = Enumerable.Range(0, 65).Select(number => Es256TestKey.Named($"endorser {number}").PublicKey).ToImmutableArray();

        ContractRules.CheckAttestation(_contract.Attestation with { CodeEndorsers = many[..64] }, allowInsecure: false).Should().BeEmpty();
        ContractRules.CheckAttestation(_contract.Attestation with { CodeEndorsers = many }, allowInsecure: false)
            .Should().ContainSingle().Which.Code.Should().Be(RefusalCode.ContractInvalid);
    }

    private static CodeEndorsement Tuple(Func<ReferenceTuple, ReferenceTuple> change) => _endorsement with { Tuple = change(_endorsement.Tuple) };

    private static ImmutableArray<Refusal> Check(CodeEndorsement endorsement) => EndorsementRules.Check(endorsement, Collaboration, _contract);

    private static void Refuses(CodeEndorsement endorsement, RefusalCode code) => Check(endorsement).Select(refusal => refusal.Code).Should().Contain(code);

    private static ImmutableSortedDictionary<string, string> Values(params (string Claim, string Value)[] values) =>
        values.ToImmutableSortedDictionary(value => value.Claim, value => value.Value, StringComparer.Ordinal);
}
