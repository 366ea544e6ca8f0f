using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>What a report says in the words of contracts, and what a contract must name to accept it.</summary>
public sealed class SnpClaimsTests
{
    [Fact]
    public void Report_is_said_in_full()
    {
        var claims = TestSnp.Judge(TestSnp.Report(report => (report[0], report[0x1F8], report[0x200]) = (5, 0x3F, 0x0B)), TestSnp.Vek(), TestSnp.Ask.Der).Claims!;

        claims.ReportData.Should().Be(string.Concat(Enumerable.Repeat("33", 64)));
        claims.ChipId.Should().Be(Convert.ToHexStringLower(TestSnp.ChipId));
        claims.Debug.Should().BeFalse();
        claims.Values.Should().Equal(new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["aes256Wanted"] = "false",
            ["aliasCheckComplete"] = "true",
            ["ciphertextHidingEnabled"] = "false",
            ["ciphertextHidingWanted"] = "false",
            ["committedFirmware"] = "1.55.29",
            ["currentFirmware"] = "1.55.29",
            ["currentMitigations"] = "000000000000000b",
            ["cxlAllowed"] = "false",
            ["eccEnabled"] = "false",
            ["familyId"] = string.Concat(Enumerable.Repeat("11", 16)),
            ["hostData"] = string.Concat(Enumerable.Repeat("55", 32)),
            ["idKeyDigest"] = string.Concat(Enumerable.Repeat("66", 48)),
            ["imageId"] = string.Concat(Enumerable.Repeat("22", 16)),
            ["launchMitigations"] = "000000000000003f",
            ["measurement"] = string.Concat(Enumerable.Repeat("44", 48)),
            ["migratable"] = "false",
            ["migrationAgentId"] = string.Concat(Enumerable.Repeat("ff", 32)),
            ["minimumAbi"] = "0.31",
            ["pageSwapDisabledWanted"] = "false",
            ["platformInfo"] = "0000000000000021",
            ["policy"] = "000000000003001f",
            ["product"] = "Milan",
            ["provisionalFirmware"] = "false",
            ["raplDisabled"] = "false",
            ["raplDisabledWanted"] = "false",
            ["reportId"] = string.Concat(Enumerable.Repeat("77", 32)),
            ["reportVersion"] = "5",
            ["signingKey"] = "vcek",
            ["singleSocket"] = "false",
            ["smtAllowed"] = "true",
            ["smtEnabled"] = "true",
            ["tioEnabled"] = "false",
            ["tsmeEnabled"] = "false",
            ["vmpl"] = "0",
        });
        claims.Tcb.Should().HaveCount(17).And.Contain("guestSvn", 7).And.Contain("reported.microcode", 219).And.Contain("committed.snp", 8)
            .And.Contain("current.bootloader", 3).And.Contain("launch.tee", 0);
    }

    [Theory]
    [InlineData(16, "smtAllowed", "false")]
    [InlineData(18, "migratable", "true")]
    [InlineData(20, "singleSocket", "true")]
    [InlineData(21, "cxlAllowed", "true")]
    [InlineData(22, "aes256Wanted", "true")]
    [InlineData(23, "raplDisabledWanted", "true")]
    [InlineData(24, "ciphertextHidingWanted", "true")]
    [InlineData(25, "pageSwapDisabledWanted", "true")]
    public void Each_bit_of_the_policy_is_a_claim(int bit, string claim, string value) => Values(report => report[TestSnp.PolicyAt + (bit / 8)] ^= (byte)(1 << (bit % 8)))
        .Should().Contain(claim, value);

    [Theory]
    [InlineData(0, "smtEnabled", "false")]
    [InlineData(1, "tsmeEnabled", "true")]
    [InlineData(2, "eccEnabled", "true")]
    [InlineData(3, "raplDisabled", "true")]
    [InlineData(4, "ciphertextHidingEnabled", "true")]
    [InlineData(5, "aliasCheckComplete", "false")]
    [InlineData(7, "tioEnabled", "true")]
    public void Each_bit_of_the_platform_is_a_claim(int bit, string claim, string value) => Values(report => report[0x40] ^= (byte)(1 << bit))
        .Should().Contain(claim, value);

    [Fact]
    public void Debug_is_refused()
    {
        var report = TestSnp.Report(report => report[TestSnp.PolicyAt + 2] |= 1 << 3);

        TestSnp.Failed(report, TestSnp.Vek(), TestSnp.Ask.Der).Should().Equal("debug");
    }

    [Fact]
    public void Author_key_and_mitigations_are_claims_only_where_they_are_meant()
    {
        Values(report => report[TestSnp.FlagsAt] = 1).Should().ContainKey("authorKeyDigest");
        Values(_ => { }).Should().NotContainKeys("authorKeyDigest", "launchMitigations", "currentMitigations", "cspId");
    }

    [Fact]
    public void Large_guest_version_meets_every_floor() =>
        TestSnp.Judge(TestSnp.Report(report => report[0x07] = 0x80), TestSnp.Vek(), TestSnp.Ask.Der).Claims!.Tcb["guestSvn"].Should().Be(int.MaxValue);

    [Theory]
    [InlineData("vmpl", "1", 0x30, 1)]
    [InlineData("migratable", "true", 0x0A, 7)]
    [InlineData("provisionalFirmware", "true", 0x38, 4)]
    [InlineData("provisionalFirmware", "true", 0x1E8, 30)]
    public void Unsafe_claim_needs_a_contract_that_names_it(string claim, string value, int offset, byte changed)
    {
        var report = TestSnp.Report(report => report[offset] = changed);

        Appraise(report, TestSnp.Vek(), TestSnp.Ask.Der).Failures.Should().ContainSingle().Which.Check.Should().Be(claim);
        Appraise(report, TestSnp.Vek(), TestSnp.Ask.Der, (claim, value)).Failures.Should().BeEmpty();
        TestSnp.Failed(report, TestSnp.Vek(), TestSnp.Ask.Der).Should().BeEmpty("without a contract nobody decides about it");
    }

    [Fact]
    public void Leased_key_needs_a_contract_that_names_the_provider()
    {
        var report = TestSnp.Report(report => report[TestSnp.FlagsAt] = 1 << 2);

        Appraise(report, TestSnp.Vlek(), TestSnp.Asvk.Der).Failures.Should().ContainSingle().Which.Check.Should().Be("cspId");
        Appraise(report, TestSnp.Vlek(), TestSnp.Asvk.Der, ("cspId", "CN=cc.cloud.example")).Failures.Should().BeEmpty();
        Appraise(report, TestSnp.Vlek(), TestSnp.Asvk.Der, ("cspId", "CN=cc.other.example")).Failures.Should().ContainSingle();
    }

    private static ImmutableSortedDictionary<string, string> Values(Action<byte[]> change) =>
        TestSnp.Judge(TestSnp.Report(change), TestSnp.Vek(), TestSnp.Ask.Der).Claims!.Values;

    private static AttestationResult Appraise(byte[] report, byte[] vek, byte[] issuer, params (string Claim, string Value)[] named) =>
        EvidenceAppraiser.Appraise(
            new PresentedEvidence(TeeNames.AmdSevSnp, new Bytes(report), [new Bytes(vek), new Bytes(issuer)]),
            Expected.Learned<Bytes>("a test looks at what it says"),
            new AttestationPolicy
            {
                Accepted =
                [
                    new ReferenceTuple
                    {
                        Tee = TeeNames.AmdSevSnp,
                        Values = named.Append(("measurement", string.Concat(Enumerable.Repeat("44", 48)))).ToImmutableSortedDictionary(one => one.Item1, one => one.Item2),
                        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty.Add("reported.microcode", 219),
                        ChipIds = ["any"],
                        Anchors = [Digest.Of(TestSnp.Ark.Key.Spki)],
                        Debug = false,
                    },
                ],
                CodeEndorsers = [],
            },
            allowInsecure: false,
            TestSnp.At,
            [TestSnp.Verifier]);
}
