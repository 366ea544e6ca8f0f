using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Attestation.Tests.Appraisal;

/// <summary>Appraisal of a TEE with roots, security versions and chips, as the real ones have them.</summary>
public sealed class EvidenceAppraiserTests
{
    private static readonly Timestamp _at = TestPeople.From;
    private static readonly PresentedEvidence _presented = new("fake-tee", new Bytes("fake evidence"u8), []);
    private static readonly Expected<Bytes> _reportData = Expected.Exactly(new Bytes(new byte[64]));

    private static readonly ReferenceTuple _tuple = new()
    {
        Tee = "fake-tee",
        Values = ImmutableSortedDictionary<string, string>.Empty.Add("measurement", "00ff"),
        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty.Add("microcode", 7),
        ChipIds = ["c0"],
        Anchors = [Digest.Of("root"u8)],
        Debug = false,
    };

    [Theory]
    [InlineData("7")]
    [InlineData("none")]
    [InlineData("a value that a contract names")]
    public void Claim_without_a_safe_value_is_refused_unless_the_contract_names_it(string value)
    {
        var claims = new FakeVerifier().Claims;
        var verifier = new FakeVerifier
        {
            Claims = claims with { Values = claims.Values.Add("monitor", value), Guarded = [GuardedClaim.WithoutSafeValue("monitor", isJudgedAlone: true)] },
        };

        Appraise(verifier, _tuple).Failures.Should().ContainSingle().Which.Check.Should().Be("monitor");
        Appraise(verifier, _tuple with { Values = _tuple.Values.Add("monitor", value) }).Failures.Should().BeEmpty();
        EvidenceAppraiser.Authenticate(
            new PresentedEvidence(verifier.Tee, new Bytes("fake"u8), []), CleanRoom.Attestation.Expected.Learned<Bytes>("a test"), _at, [verifier])
            .Failures.Should().ContainSingle().Which.Check.Should().Be("monitor");
    }

    [Fact]
    public void Evidence_that_meets_one_whole_tuple_is_affirmed_as_of_the_given_moment()
    {
        var verifier = new FakeVerifier();

        var result = Appraise(verifier, _tuple);

        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.Failures.Should().BeEmpty();
        verifier.VerifiedAt.Should().Equal(_at);
    }

    [Fact]
    public void Evidence_that_can_only_warn_warns() =>
        Appraise(new FakeVerifier { Best = AttestationVerdict.Warning }, _tuple).Verdict.Should().Be(AttestationVerdict.Warning, "a bare quote is at best a warning");

    [Fact]
    public void Evidence_that_was_not_verified_is_contraindicated_and_still_shown()
    {
        var missing = new FailedCheck(RefusalCode.EndorsementMissing, "chain", "the certificate of the chip", "none");
        var parse = new FailedCheck(RefusalCode.EvidenceInvalid, "evidence-format", "1184 bytes", "3 bytes");

        var unverified = Appraise(new FakeVerifier { VerifyFailures = [missing] }, _tuple);
        var unread = Appraise(new FakeVerifier { ParseFailures = [parse] }, _tuple);

        unverified.Verdict.Should().Be(AttestationVerdict.Contraindicated);
        unverified.Failures.Should().Equal(missing);
        unverified.Claims.Should().NotBeNull();
        unread.Failures.Should().Equal(parse);
        unread.Claims.Should().BeNull();
    }

    [Fact]
    public void Mixture_of_two_accepted_tuples_is_refused()
    {
        var old = _tuple with { Values = _tuple.Values.SetItem("measurement", "aaaa"), MinimumTcb = _tuple.MinimumTcb.SetItem("microcode", 1) };
        var current = _tuple with { MinimumTcb = _tuple.MinimumTcb.SetItem("microcode", 9) };

        // The measurement of the current build with the security version that only the old one accepts.
        var result = Appraise(new FakeVerifier(), old, current);

        result.Verdict.Should().Be(AttestationVerdict.Contraindicated);
        result.Failures.Select(failure => failure.Check).Should().Equal("measurement", "tcb.microcode");
        result.Failures[0].Wanted.Should().Contain("tuple 1 of 2");
        result.Failures[1].Wanted.Should().Contain("tuple 2 of 2");
    }

    [Fact]
    public void Claim_that_is_wanted_and_missing_has_failed()
    {
        var claims = new FakeVerifier().Claims;
        var bare = new FakeVerifier
        {
            Claims = claims with { Values = ImmutableSortedDictionary<string, string>.Empty, Tcb = ImmutableSortedDictionary<string, int>.Empty, ChipId = null, Anchor = null },
        };

        Appraise(bare, _tuple).Failures.Select(failure => (failure.Check, failure.Got)).Should().Equal(
            ("measurement", "none"), ("tcb.microcode", "none"), ("chip-id", "none"), ("anchor", "none"));
    }

    [Fact]
    public void Another_root_chip_or_an_older_security_version_is_refused()
    {
        var claims = new FakeVerifier().Claims;

        Fails(claims with { Anchor = Digest.Of("decoy root"u8) }, "anchor");
        Fails(claims with { ChipId = "c1" }, "chip-id");
        Fails(claims with { Tcb = claims.Tcb.SetItem("microcode", 6) }, "tcb.microcode");
        Fails(claims with { Debug = true }, "debug");
        Fails(claims with { ReportData = new string('1', 128) }, "report-data");
        Fails(claims with { ReportData = "00" }, "report-data");
        Appraise(new FakeVerifier(), _tuple with { Anchors = [] }).Failures.Should().ContainSingle().Which.Check.Should().Be("anchor", "no root is no acceptance");
    }

    [Fact]
    public void Tuple_that_accepts_debug_needs_allowInsecure()
    {
        var debug = new FakeVerifier { Claims = new FakeVerifier().Claims with { Debug = true } };
        var lax = _tuple with { Debug = true };

        Appraise(debug, lax).Failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.InsecureNotAllowed);
        EvidenceAppraiser.Appraise(_presented, _reportData, Policy(lax), allowInsecure: true, _at, [debug]).Verdict.Should().Be(AttestationVerdict.Warning);
    }

    [Fact]
    public void Tee_that_nobody_knows_or_accepts_is_refused_and_its_name_is_shown_only_when_plain()
    {
        Appraise(new FakeVerifier(), _tuple with { Tee = "other-tee" }).Failures.Should().ContainSingle().Which.Check.Should().Be("tee");
        Appraise(new FakeVerifier()).Failures.Should().ContainSingle().Which.Wanted.Should().Contain("none");
        var hostile = EvidenceAppraiser.Appraise(_presented with { Tee = "a\u001b[31m" }, _reportData, Policy(_tuple), false, _at, [new FakeVerifier()]);
        hostile.Failures.Should().ContainSingle().Which.Got.Should().Be("another name");
    }

    [Fact]
    public void Oversized_evidence_and_endorsements_are_refused_before_they_are_read()
    {
        var verifier = new FakeVerifier();
        var big = new Bytes(new byte[EvidenceAppraiser.MaxBytes + 1]);

        Refused(_presented with { Evidence = big });
        Refused(_presented with { Endorsements = [big] });
        Refused(_presented with { Endorsements = [.. Enumerable.Repeat(new Bytes("a"u8), EvidenceAppraiser.MaxEndorsements + 1)] });
        verifier.VerifiedAt.Should().BeEmpty();

        void Refused(PresentedEvidence presented) => EvidenceAppraiser.Appraise(presented, _reportData, Policy(_tuple), false, _at, [verifier])
            .Failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EvidenceInvalid);
    }

    [Fact]
    public void Report_data_of_another_length_is_the_callers_mistake()
    {
        var act = () => EvidenceAppraiser.Appraise(
            TestNode.First.Attest(TestStages.Active.RoomBinding(TestNode.First)), new byte[63], Policy(_tuple), true, _at, [new InsecureSimulatedVerifier()]);

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Authentication_without_a_contract_refuses_debug_and_the_simulated_tee()
    {
        EvidenceAppraiser.Authenticate(_presented, _reportData, _at, [new FakeVerifier()]).Verdict.Should().Be(AttestationVerdict.Affirming);
        EvidenceAppraiser.Authenticate(_presented, _reportData, _at, [new FakeVerifier { Claims = new FakeVerifier().Claims with { Debug = true } }])
            .Failures.Should().ContainSingle().Which.Check.Should().Be("debug");
        var attestation = TestNode.First.Attest(TestStages.Active.RoomBinding(TestNode.First));
        EvidenceAppraiser.Authenticate(PresentedEvidence.Of(attestation), Expected.Learned<Bytes>("a person looks"), _at, [new InsecureSimulatedVerifier()])
            .Failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.InsecureNotAllowed);
    }

    [Fact]
    public void Kind_of_a_file_is_detected_only_when_exactly_one_verifier_knows_it()
    {
        var simulated = TestNode.First.Attest(TestStages.Active.RoomBinding(TestNode.First)).Evidence;
        IEvidenceVerifier[] verifiers = [new FakeVerifier(), new InsecureSimulatedVerifier()];

        PresentedEvidence.Detect(simulated, [], verifiers)!.Tee.Should().Be("simulated");
        PresentedEvidence.Detect(_presented.Evidence, [], verifiers)!.Tee.Should().Be("fake-tee");
        PresentedEvidence.Detect(new Bytes("unknown"u8), [], verifiers).Should().BeNull();
        PresentedEvidence.Detect(_presented.Evidence, [], [new FakeVerifier(), new FakeVerifier()]).Should().BeNull("two know it");
    }

    [Fact]
    public void Result_as_json_names_format_verdict_failures_and_claims()
    {
        var json = Appraise(new FakeVerifier { Claims = new FakeVerifier().Claims with { ChipId = "c1" } }, _tuple).ToJson();
        var failure = ((JsonArray)json.Find("failures")!).Items.Should().ContainSingle().Which.Should().BeOfType<JsonObject>().Which;
        var claims = (JsonObject)json.Find("claims")!;

        json.Members.Select(member => member.Name).Should().BeEquivalentTo("claims", "failures", "format", "validUntil", "verdict", "vouchedBy", "words");
        ((JsonString)json.Find("format")!).Value.Should().Be("fake-tee");
        ((JsonString)json.Find("verdict")!).Value.Should().Be("contraindicated");
        failure.Members.Select(member => member.Name).Should().BeEquivalentTo("check", "wanted", "got");
        ((JsonString)claims.Find("measurement")!).Value.Should().Be("00ff");
        claims.Members.Select(member => member.Name).Should().Contain(["reportData", "tcb", "debug", "chipId", "anchor"]);
        Enum.GetValues<AttestationVerdict>().Select(verdict => verdict.Word()).Should().OnlyContain(
            word => word == "affirming" || word == "warning" || word == "contraindicated");
    }

    private static void Fails(EvidenceClaims claims, string check) =>
        Appraise(new FakeVerifier { Claims = claims }, _tuple).Failures.Should().ContainSingle().Which.Check.Should().Be(check);

    private static AttestationResult Appraise(FakeVerifier verifier, params ImmutableArray<ReferenceTuple> tuples) =>
        EvidenceAppraiser.Appraise(_presented, _reportData, Policy(tuples), allowInsecure: false, _at, [verifier]);

    private static AttestationPolicy Policy(params ImmutableArray<ReferenceTuple> tuples) => new() { Accepted = tuples, CodeEndorsers = [] };
}
