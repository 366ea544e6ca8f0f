using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Tests.Appraisal;

public sealed class EarResultTests
{
    private static readonly EvidenceClaims _claims = new()
    {
        ReportData = new string('0', 128),
        Values = ImmutableSortedDictionary<string, string>.Empty.Add(EvidenceClaims.Measurement, "00ff"),
        Tcb = ImmutableSortedDictionary<string, int>.Empty,
        ChipId = "c0",
        Debug = false,
        Anchor = Digest.Of("root"u8),
    };

    private static readonly AttestationPolicy _policy = new() { Accepted = [Tuple("any")], CodeEndorsers = [] };

    [Theory]
    [InlineData("affirmed-by-a-policy")]
    [InlineData("contraindicated")]
    public void Claims_set_is_that_of_the_vector(string name)
    {
        var vector = AttestationVectors.Ear.EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        var policy = DocumentCodec.PolicyFromPerson(Encoding.UTF8.GetBytes(vector.GetProperty("policy").GetRawText())).Value;
        var result = name == "contraindicated"
            ? Failed(TeeNames.IntelTdx, new FailedCheck(RefusalCode.EvidenceNotAccepted, "measurement", "00ff", "00fe"), new FailedCheck(RefusalCode.EvidenceNotAccepted, "tcb.sgx", "at least 3", "2"))
            : Held(TeeNames.AmdSevSnp);

        var ear = Ear(result, policy);

        Encoding.UTF8.GetString(Jcs.Write(ear)).Should().Be(vector.GetProperty("canonical").GetString());
        JsonElement.DeepEquals(JsonDocument.Parse(Jcs.Write(ear)).RootElement, vector.GetProperty("ear")).Should().BeTrue();
    }

    [Theory]
    [InlineData(RefusalCode.EvidenceInvalid, "signature", "instance-identity", 99)]
    [InlineData(RefusalCode.BindingMismatch, "report-data", "instance-identity", 96)]
    [InlineData(RefusalCode.EndorsementMissing, "crl-validity", "hardware", 97)]
    [InlineData(RefusalCode.Revoked, "revocation", "hardware", 96)]
    [InlineData(RefusalCode.EvidenceNotAccepted, "measurement", "executables", 96)]
    [InlineData(RefusalCode.EvidenceNotAccepted, "chip-id", "instance-identity", 97)]
    [InlineData(RefusalCode.EvidenceNotAccepted, "tee", "hardware", 97)]
    [InlineData(RefusalCode.EvidenceNotAccepted, "anchor", "hardware", 97)]
    [InlineData(RefusalCode.EvidenceNotAccepted, "debug", "runtime-opaque", 96)]
    [InlineData(RefusalCode.InsecureNotAllowed, "debug", "runtime-opaque", 96)]
    [InlineData(RefusalCode.EvidenceNotAccepted, "tcb.microcode", "hardware", 32)]
    [InlineData(RefusalCode.EvidenceNotAccepted, "tcbStatus", "hardware", 32)]
    [InlineData(RefusalCode.EvidenceNotAccepted, "hostData", "configuration", 96)]
    public void Failure_is_the_only_claim_and_the_status_is_contraindicated(RefusalCode code, string check, string claim, int value)
    {
        var ear = Ear(Failed(TeeNames.AmdSevSnp, new FailedCheck(code, check, "this", "that")), _policy);

        Status(ear).Should().Be("contraindicated");
        Vector(ear).Should().Equal((claim, (long)value));
    }

    [Fact]
    public void Worst_of_several_failures_counts()
    {
        var ear = Ear(
            Failed(
                TeeNames.AmdSevSnp,
                new FailedCheck(RefusalCode.Revoked, "revocation", "this", "that"),
                new FailedCheck(RefusalCode.EvidenceNotAccepted, "tcb.snp", "this", "that")),
            _policy);

        Vector(ear).Should().Equal(("hardware", 96L));
    }

    [Fact]
    public void Without_a_policy_nothing_is_said_about_code()
    {
        var ear = Ear(Held(TeeNames.AmdSevSnp), policy: null);

        Vector(ear).Should().Equal(("hardware", 2L), ("runtime-opaque", 2L));
        Appraisal(ear).Find("ear_appraisal_policy_ids").Should().BeNull();
    }

    [Fact]
    public void Chip_is_recognised_only_when_every_tuple_names_its_chips()
    {
        Vector(Ear(Held(TeeNames.AmdSevSnp), _policy with { Accepted = [Tuple("c0"), Tuple("c1")] })).Should().Contain(("instance-identity", 2L));
        Vector(Ear(Held(TeeNames.AmdSevSnp), _policy with { Accepted = [Tuple("c0"), Tuple("any")] })).Should().NotContain(("instance-identity", 2L));
    }

    [Fact]
    public void Root_that_nobody_pins_and_memory_that_is_not_encrypted_are_not_claimed()
    {
        var ear = Ear(Held(TeeNames.Tpm) with { Claims = _claims with { Anchor = null }, Verdict = AttestationVerdict.Warning }, policy: null);

        Vector(ear).Should().Equal(("hardware", 0L));
        Status(ear).Should().Be("warning", "the status may be worse than the vector");
    }

    [Fact]
    public void Debuggable_guest_that_a_contract_accepts_warns()
    {
        var ear = Ear(Held(TeeNames.IntelTdx) with { Claims = _claims with { Debug = true }, Verdict = AttestationVerdict.Affirming }, _policy);

        Vector(ear).Should().Contain([("runtime-opaque", 32L), ("configuration", 32L)]);
        Status(ear).Should().Be("warning", "a status is never better than the vector");
    }

    [Fact]
    public void Simulated_tee_claims_nothing_but_a_warning() =>
        Vector(Ear(Held(TeeNames.Simulated) with { Verdict = AttestationVerdict.Warning }, _policy)).Should().Equal(("hardware", 32L));

    [Fact]
    public void Policy_id_follows_every_part_of_the_policy()
    {
        string[] ids =
        [
            EarResult.PolicyId(_policy), EarResult.PolicyId(_policy with { Accepted = [Tuple("c0")] }),
            EarResult.PolicyId(_policy with { CodeEndorsers = [new Bytes([4])] }),
        ];

        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.StartsWith("ni:///sha-256;", StringComparison.Ordinal) && id.Length == 57);
    }

    private static ReferenceTuple Tuple(string chip) => new()
    {
        Tee = TeeNames.AmdSevSnp,
        Values = _claims.Values,
        MinimumTcb = _claims.Tcb,
        ChipIds = [chip],
        Anchors = [Digest.Of("root"u8)],
        Debug = false,
    };

    private static AttestationResult Held(string tee) => new()
    {
        Tee = tee,
        Verdict = AttestationVerdict.Affirming,
        Failures = [],
        Claims = _claims,
        Words = [],
        ValidUntil = Time("2026-02-28T00:00:00.000Z"),
    };

    private static AttestationResult Failed(string tee, params ImmutableArray<FailedCheck> failures) => (Held(tee) with { Failures = [] }).With(failures);

    private static JsonObject Ear(AttestationResult result, AttestationPolicy? policy) => new EarResult
    {
        Result = result,
        Policy = policy,
        Developer = "CleanRoom",
        Build = "0.1.0",
        IssuedAt = Time("2026-01-31T08:00:00.999Z"),
    }.ToJson();

    private static Timestamp Time(string text) => Timestamp.TryParse(text, out var time) ? time : throw new FormatException(text);

    private static JsonObject Appraisal(JsonObject ear) => (JsonObject)((JsonObject)ear.Find("submods")!).Members.Single().Value;

    private static string Status(JsonObject ear) => ((JsonString)Appraisal(ear).Find("ear_status")!).Value;

    private static IEnumerable<(string Claim, long Value)> Vector(JsonObject ear) =>
        ((JsonObject)Appraisal(ear).Find("ear_trustworthiness_vector")!).Members.Select(claim => (claim.Name, ((JsonInteger)claim.Value).Value));
}
