using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.AzureVtpm;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AzureVtpm;

/// <summary>From the hardware to the paravisor's claims, from them to the key, from the key to the quote: each link, and what breaks it.</summary>
public sealed class AzureVtpmVerifierTests
{
    private static readonly MadeAzure s_snp = new();
    private static readonly MadeAzure s_tdx = new() { IsTdx = true };
    private static readonly TestKey s_otherKey = TestKey.Rsa2048();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Good_machine_is_affirmed_and_says_hardware_paravisor_and_pcrs(bool isTdx)
    {
        var made = isTdx ? s_tdx : s_snp;

        var result = made.Judge();

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.Words.Should().EndWith(AzureVtpmVerifier.Paravisor);
        var claims = result.Claims!;
        claims.ReportData.Should().Be(Convert.ToHexStringLower(made.Tpm.ReportData));
        claims.Debug.Should().BeFalse();
        claims.Values["hardware"].Should().Be(isTdx ? TeeNames.IntelTdx : TeeNames.AmdSevSnp);
        claims.Values["launchMeasurement"].Should().Be(string.Concat(Enumerable.Repeat(isTdx ? "e1" : "44", 48)));
        claims.Values["hardwareReportData"].Should().Be(Convert.ToHexStringLower(made.ReportData()));
        claims.Values["vmSecureBoot"].Should().Be("true");
        claims.Values["vmConsoleEnabled"].Should().Be("false");
        claims.Values["vmUniqueId"].Should().Be("3404EF27");
        claims.Values["vmUserData"].Should().Be(new string('a', 128));
        claims.Values.Should().NotContainKey("vmTpmPersisted");
        claims.Values["sha256Pcr7"].Should().Be(Convert.ToHexStringLower(made.Tpm.Pcrs[7]));
        claims.Anchor.Should().NotBeNull();
        claims.Guarded.Should().Contain(guarded => guarded.Claim == "migratable");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Runtime_claims_may_be_hashed_with_longer_hashes(int hash)
    {
        (s_snp with { Hash = hash }).Failed().Should().BeEmpty();
        (s_tdx with { Hash = hash }).Failed().Should().BeEmpty();
    }

    [Fact]
    public void Quote_of_another_key_is_refused()
    {
        (s_snp with { Tpm = s_snp.Tpm with { Key = s_otherKey } }).Failed().Should().Equal("quote-signature");
        (s_tdx with { Tpm = s_tdx.Tpm with { Key = s_otherKey } }).Failed().Should().Equal("quote-signature");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Claims_that_the_hardware_does_not_commit_to_are_refused(bool isTdx)
    {
        // The attack: a genuine report, an own key in the claims, and an honest quote by that key.
        var attack = (isTdx ? s_tdx : s_snp) with { Bound = s_snp.Runtime, Runtime = MadeAzure.Claims(s_otherKey), Tpm = s_snp.Tpm with { Key = s_otherKey } };

        attack.Failed().Should().Equal("runtime-binding");
        (s_snp with { Bound = s_snp.Runtime, Runtime = s_snp.Runtime.Replace("true", "fals", StringComparison.Ordinal).Replace("fals,", "true,", StringComparison.Ordinal).Replace("3404EF27", "3404EF28", StringComparison.Ordinal) })
            .Failed().Should().Equal("runtime-binding");
    }

    [Fact]
    public void Report_data_is_compared_to_its_last_byte()
    {
        (s_snp with { ChangeHardware = report => report[0x50 + 63] = 1 }).Failed().Should().Equal("runtime-binding");
        (s_snp with { ChangeHardware = report => report[0x50] ^= 1 }).Failed().Should().Equal("runtime-binding");
        (s_tdx with { ChangeHardware = report => report[520 + 63] = 1 }).Failed().Should().Equal("runtime-binding", "td-report");
    }

    [Fact]
    public void Report_and_quote_of_tdx_must_be_of_the_same_moment()
    {
        (s_tdx with { ChangeHcl = Changed(32 + 0x80, 1) }).Failed().Should().Equal("td-report");
        MadeAzure.Verifier.Parse(MadeAzure.Write(s_tdx.Members().RemoveAt(5)).Span, []).Failures.Select(failure => failure.Check).Should().Equal("td-quote");
        s_snp.Failed(MadeAzure.Write(s_snp.Members().Add(new JsonMember("tdQuote", new Bytes(s_tdx.TdQuote()))))).Should().Equal("td-quote");
    }

    [Fact]
    public void Every_failure_of_hardware_and_quote_is_listed()
    {
        var made = s_snp with
        {
            ChangeHcl = Changed(32 + 0x90, 1),
            Bound = MadeAzure.Claims(s_otherKey),
            Tpm = s_snp.Tpm with { Key = s_otherKey, PcrDigest = new byte[32] },
        };

        made.Failed().Should().Equal("signature", "runtime-binding", "quote-signature", "pcrs");
    }

    [Fact]
    public void Hardware_without_its_endorsements_is_refused() => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(TeeNames.AzureVtpm, s_snp.ToBytes(), []), Expected.Learned<Bytes>("a test"), TestSnp.At, [MadeAzure.Verifier])
        .Failures.Select(failure => failure.Check).Should().Equal("vek");

    [Fact]
    public void Debuggable_guest_is_refused() =>
        (s_snp with { ChangeHardware = report => report[TestSnp.PolicyAt + 2] |= 8 }).Failed().Should().Equal("debug");

    [Fact]
    public void Quotes_of_other_pcrs_or_banks_are_refused()
    {
        (s_snp with { Tpm = s_snp.Tpm with { Selections = [(0x0B, [0, 7])] } }).Failed().Should().Equal("pcr-selection");
        (s_snp with { Tpm = s_snp.Tpm with { Selections = [(0x0B, [0, 7, 12])] } }).Failed().Should().Equal("pcr-selection");
        (s_snp with { Tpm = s_snp.Tpm with { Selections = [(0x04, [0, 7, 11])] } }).Failed().Should().Equal("pcr-bank", "pcr-selection");
        (s_snp with { Tpm = s_snp.Tpm with { PcrDigest = new byte[32] } }).Failed().Should().Equal("pcrs");
        (s_snp with { Tpm = s_snp.Tpm with { SignatureHash = 0x04 } }).Failed().Should().Equal("quote-signature-hash");
        (s_snp with { Tpm = s_snp.Tpm with { Type = 0x8017 } }).Failed().Should().Equal("quote-type");
        (s_snp with { Tpm = s_snp.Tpm with { Magic = 1 } }).Failed().Should().Equal("quote-magic");
    }

    [Fact]
    public void Another_nonce_is_refused_whatever_its_length()
    {
        var nonce = s_snp.Tpm.ReportData;

        s_snp.Judge(s_snp.ToBytes(), new Bytes(nonce)).Failures.Should().BeEmpty();
        s_snp.Judge(s_snp.ToBytes(), new Bytes(nonce.AsSpan(0, 63))).Failures.Select(failure => failure.Check).Should().Equal("report-data");
        s_snp.Judge(s_snp.ToBytes(), new Bytes([])).Failures.Select(failure => failure.Check).Should().Equal("report-data");
        s_snp.Judge(s_snp.ToBytes(), new Bytes(s_snp.ReportData())).Failures.Select(failure => failure.Check).Should().Equal("report-data");
    }

    [Theory]
    [InlineData(0, 0x41, "hcl-report")] // magic
    [InlineData(4, 3, "hcl-report")] // version
    [InlineData(8, 1, "hcl-report")] // size of the report
    [InlineData(12, 1, "hcl-report")] // request
    [InlineData(16, 1, "hcl-report")] // status
    [InlineData(20, 1, "hcl-report")] // reserved
    [InlineData(1_216, 1, "hcl-report")] // size of the data
    [InlineData(1_220, 2, "hcl-report")] // version of the runtime header
    [InlineData(MadeAzure.KindAt, 3, "hcl-report-kind")] // vbs
    [InlineData(MadeAzure.KindAt, 0, "hcl-report-kind")]
    [InlineData(MadeAzure.HashAt, 0, "hcl-report-hash")]
    [InlineData(MadeAzure.HashAt, 4, "hcl-report-hash")]
    [InlineData(MadeAzure.RuntimeSizeAt, 1, "hcl-report")]
    public void Hcl_report_of_another_form_is_refused(int offset, int value, string check) =>
        (s_snp with { ChangeHcl = Changed(offset, value) }).Failed().Should().Equal(check);

    [Fact]
    public void Sizes_that_are_too_large_are_refused_before_anything_is_read()
    {
        (s_snp with { ChangeHcl = Changed(MadeAzure.RuntimeSizeAt, -1) }).Failed().Should().Equal("hcl-report");
        (s_snp with { ChangeHcl = bytes => [.. bytes, .. new byte[16_384 - bytes.Length]] }).Failed().Should().BeEmpty();
        (s_snp with { ChangeHcl = bytes => [.. bytes, .. new byte[16_385 - bytes.Length]] }).Failed().Should().Equal("hcl-report");
        s_snp.Failed(new Bytes([.. s_snp.ToBytes().Span, .. Enumerable.Repeat((byte)' ', 262_144)])).Should().Equal("evidence-format");
    }

    [Fact]
    public void Bytes_behind_a_part_are_refused()
    {
        (s_snp with { ChangeHcl = bytes => [.. bytes, 1] }).Failed().Should().Equal("hcl-report");
        (s_tdx with { ChangeHcl = Changed(32 + 1_024, 1) }).Failed().Should().Equal("hcl-report");
        s_snp.Failed(new Bytes([.. s_snp.ToBytes().Span, (byte)'\n'])).Should().Equal("evidence-format");
        s_snp.Failed(With(s_snp, "quote", new Bytes([.. s_snp.Tpm.Quote(), 0]))).Should().Equal("evidence-format");
        s_snp.Failed(With(s_snp, "signature", new Bytes([.. s_snp.Tpm.Signature(), 0]))).Should().Equal("evidence-format");
        s_tdx.Failed(With(s_tdx, "tdQuote", new Bytes([.. s_tdx.TdQuote(), 1]))).Should().Equal("evidence-format");
    }

    [Fact]
    public void Truncated_parts_are_refused()
    {
        var (whole, hcl) = (s_snp.ToBytes(), s_snp.Hcl());
        for (var length = 0; length < whole.Length; length += 97)
        {
            s_snp.Failed(new Bytes(whole.Span[..length])).Should().Equal(["evidence-format"], $"{length} bytes");
        }

        // The last 100 bytes are zeros that may be missing.
        for (var length = 0; length < hcl.Length - 100; length += 61)
        {
            s_snp.Failed(With(s_snp, "hclReport", new Bytes(hcl.AsSpan(0, length)))).Should().Equal(["hcl-report"], $"{length} bytes");
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"tegZ0wABCCWLhBK-LqnHoA\"}]")]
    public void Runtime_claims_without_the_key_are_refused(string keys) =>
        (s_snp with { Runtime = MadeAzure.Claims(keys) }).Failed().Should().Equal("runtime-claims");

    [Fact]
    public void Runtime_claims_that_two_readers_could_read_differently_are_refused()
    {
        var key = MadeAzure.Jwk("HCLAkPub", TestKey.SharedRsa);

        (s_snp with { Runtime = MadeAzure.Claims($"[{key},{MadeAzure.Jwk("HCLAkPub", s_otherKey)}]") }).Failed().Should().Equal("runtime-claims");
        (s_snp with { Runtime = MadeAzure.Claims($"[{key}],\"keys\":[{key}]") }).Failed().Should().Equal("runtime-claims");
        (s_snp with { Runtime = s_snp.Runtime + "{}" }).Failed().Should().Equal("runtime-claims");
        (s_snp with { Runtime = s_snp.Runtime.Replace("\"secure-boot\":true", "\"secure-boot\":\"true\"", StringComparison.Ordinal) }).Failed().Should().Equal("runtime-claims");
        (s_snp with { Runtime = s_snp.Runtime.Replace("AAAA\"", "A\"", StringComparison.Ordinal) }).Failed().Should().Equal("runtime-claims");
    }

    [Fact]
    public void A_claim_that_is_null_is_not_made()
    {
        var result = (s_snp with { Runtime = s_snp.Runtime.Replace("\"secure-boot\":true", "\"secure-boot\":null", StringComparison.Ordinal) }).Judge();

        result.Failures.Should().BeEmpty();
        result.Claims!.Values.Should().NotContainKey("vmSecureBoot");
    }

    [Fact]
    public void Only_the_one_written_form_of_the_own_envelope_passes()
    {
        var text = Encoding.UTF8.GetString(s_snp.ToBytes().Span);

        s_snp.Failed(Text(text.Replace("\":", "\": ", StringComparison.Ordinal))).Should().Equal("evidence-format");
        s_snp.Failed(Text(text.Replace("\"type\"", "\"typf\":\"\",\"type\"", StringComparison.Ordinal))).Should().Equal("evidence-format");
        s_snp.Failed(Text(text.Replace("azure-vtpm-evidence", "azure-vtpm-evidenc3", StringComparison.Ordinal))).Should().Equal("evidence-format");
        s_snp.Failed(Text("[]")).Should().Equal("evidence-format");
        s_snp.Failed(default).Should().Equal("evidence-format");
        for (var i = 0; i < s_snp.Members().Length; i++)
        {
            s_snp.Failed(MadeAzure.Write(s_snp.Members().RemoveAt(i))).Should().Equal(["evidence-format"], $"member {i}");
        }
    }

    [Fact]
    public void A_contract_that_names_the_measurement_accepts_neither_another_paravisor_nor_other_pcrs()
    {
        var claims = s_snp.Judge().Claims!;
        var tuple = new ReferenceTuple
        {
            Tee = TeeNames.AzureVtpm,
            Values = ImmutableSortedDictionary<string, string>.Empty.Add(EvidenceClaims.Measurement, claims.Values[EvidenceClaims.Measurement]),
            MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
            ChipIds = ["any"],
            Anchors = [claims.Anchor!.Value],
            Debug = false,
        };

        Appraise(s_snp, tuple).Verdict.Should().Be(AttestationVerdict.Affirming);
        Checks(s_snp with { ChangeHardware = report => report[0x90] ^= 1 }, tuple).Should().Equal("measurement");
        Checks(s_snp with { Tpm = s_snp.Tpm with { Pcrs = s_snp.Tpm.Pcrs.SetItem(11, new byte[32]) } }, tuple).Should().Equal("measurement");
        Checks(s_snp with { ChangeHardware = report => report[0x30] = 1 }, tuple).Should().Equal("vmpl");
        Checks(s_snp, tuple with { Anchors = [] }).Should().Equal("anchor");
    }

    [Fact]
    public void The_verifier_recognises_its_own_forms_alone()
    {
        MadeAzure.Verifier.Tee.Should().Be(TeeNames.AzureVtpm);
        MadeAzure.Verifier.Recognises(s_snp.ToBytes().Span).Should().BeTrue();
        MadeAzure.Verifier.Recognises(s_snp.Tpm.ToBytes().Span).Should().BeFalse();
        MadeAzure.Verifier.Recognises([]).Should().BeFalse();
        MadeAzure.Verifier.Recognises(s_snp.SnpReport()).Should().BeFalse();
    }

    [Fact]
    public void Evidence_of_another_verifier_is_a_bug_of_the_caller()
    {
        new FakeVerifier().Parse("fake"u8, []).TryGet(out var foreign, out _).Should().BeTrue();

        var act = () => MadeAzure.Verifier.Verify(foreign!, TestSnp.At);

        act.Should().Throw<ArgumentException>();
    }

    private static Func<byte[], byte[]> Changed(int offset, int value) => bytes =>
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        return bytes;
    };

    private static Bytes Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Bytes With(MadeAzure made, string member, Bytes value) =>
        MadeAzure.Write(made.Members().Select(one => one.Name == member ? new JsonMember(member, value) : one));

    private static IEnumerable<string> Checks(MadeAzure made, ReferenceTuple tuple) => Appraise(made, tuple).Failures.Select(failure => failure.Check);

    private static AttestationResult Appraise(MadeAzure made, ReferenceTuple tuple) => EvidenceAppraiser.Appraise(
        new PresentedEvidence(TeeNames.AzureVtpm, made.ToBytes(), made.Endorsements()),
        Expected.Exactly(new Bytes(made.Tpm.ReportData)),
        new AttestationPolicy { Accepted = [tuple], CodeEndorsers = [] },
        allowInsecure: false,
        TestSnp.At,
        [MadeAzure.Verifier]);
}
