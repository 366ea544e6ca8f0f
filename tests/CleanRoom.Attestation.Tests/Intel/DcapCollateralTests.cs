using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>Certificates, revocation and collateral: what is missing, stale, forged or for another platform is refused by name.</summary>
public sealed class DcapCollateralTests
{
    private static readonly IntelSgxVerifier s_verifier = new(MadePlatform.Anchors);
    private static readonly TestAuthority s_decoy = TestAuthority.Root("CN=Intel SGX Root CA", TestKey.Ec("P-256"));

    [Theory]
    [InlineData("tcb-info", "tcb-info")]
    [InlineData("identity", "qe-identity")]
    [InlineData("signer", "tcb-signer")]
    [InlineData("root-list", "crl")]
    [InlineData("pck-list", "crl")]
    public void Missing_endorsement_is_named(string without, string check)
    {
        var result = Judge(new MadePlatform { Without = [without] });

        result.Checks().Should().Equal(check);
        result.Failures.Should().OnlyContain(failure => failure.Code == RefusalCode.EndorsementMissing);
    }

    [Fact]
    public void Quote_alone_is_authentic_but_for_what_is_missing()
    {
        MadeIntel.Judge(s_verifier, new MadeQuote().ToEvidence(), []).Checks().Should().Equal("crl", "qe-identity", "tcb-info");
    }

    [Fact]
    public void Quote_without_a_chain_needs_it_among_the_endorsements()
    {
        var quote = new MadeQuote { CertificationType = 1 };
        Bytes chain = new(System.Text.Encoding.ASCII.GetBytes(quote.Platform.Chain()));

        Judge(quote).Checks().Should().Equal("pck-certificate");
        MadeIntel.Judge(s_verifier, quote.ToEvidence(), [chain, .. quote.Platform.Endorsements()]).Failures.Should().BeEmpty();
    }

    [Fact]
    public void Chain_of_another_root_with_the_same_names_is_refused()
    {
        Judge(new MadePlatform { Root = s_decoy }).Checks().Should().Equal("chain", "crl-signature");
        Judge(new MadePlatform { SignerRoot = s_decoy }).Checks().Should().Equal("tcb-signer-chain");
    }

    [Fact]
    public void Certificates_must_have_the_names_of_their_roles()
    {
        Judge(new MadePlatform { PckName = "CN=Another" }).Checks().Should().Equal("pck-certificate");
        Judge(new MadePlatform { IssuerName = "CN=Another" }).Checks().Should().Equal("pck-issuer");
        Judge(new MadePlatform { SignerName = "CN=Another" }).Checks().Should().Equal("tcb-signer");
    }

    [Fact]
    public void Malformed_extension_is_refused()
    {
        Judge(new MadePlatform { Extension = MadePlatform.PckContent(ppidBytes: 15) }).Checks().Should().Equal("pck-certificate");
        Judge(new MadePlatform { Extension = MadePlatform.PckContent(component: 256) }).Checks().Should().Equal("pck-certificate");
        Judge(new MadePlatform { Extension = [.. MadePlatform.PckContent(), 0] }).Checks().Should().Equal("pck-certificate");
    }

    [Fact]
    public void Chip_is_the_ppid_where_there_is_no_platform_instance()
    {
        Judge(new MadePlatform { Extension = MadePlatform.PckContent(hasInstance: false) }).Claims!.ChipId.Should().Be(string.Concat(Enumerable.Repeat("aa", 16)));
    }

    [Fact]
    public void Expired_certificate_and_stale_lists_are_refused()
    {
        var past = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc);

        Judge(new MadePlatform { PckNotAfter = past }).Checks().Should().Equal("chain-validity");
        Judge(new MadePlatform { ListsNextUpdate = past }).Checks().Should().Equal("crl-validity");
    }

    [Fact]
    public void Result_holds_until_the_first_certificate_list_or_collateral_lapses()
    {
        var soon = new DateTime(2026, 6, 3, 0, 0, 0, DateTimeKind.Utc);

        Until(new MadePlatform()).Should().Be("2026-06-19T00:00:00.000Z", "the collateral names that as its next update");
        Until(new MadePlatform { PckNotAfter = soon }).Should().Be("2026-06-03T00:00:00.000Z");
        Until(new MadePlatform { ListsNextUpdate = soon }).Should().Be("2026-06-03T00:00:00.000Z");
        Until(new MadePlatform { TcbInfo = MadeCollateral.SgxTcbInfo.Replace("2026-06-19", "2026-06-03", StringComparison.Ordinal) }).Should().Be("2026-06-03T00:00:00.000Z");
        Until(new MadePlatform { Identity = MadeCollateral.Identity("QE").Replace("2026-06-19", "2026-06-03", StringComparison.Ordinal) }).Should().Be("2026-06-03T00:00:00.000Z");
        Judge(new MadePlatform { PckNotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) }).ValidUntil.Should().BeNull("what was refused holds at no time");

        static string? Until(MadePlatform platform) => Judge(platform).ValidUntil?.ToString();
    }

    [Fact]
    public void Revoked_certificate_of_each_role_is_refused()
    {
        MadePlatform[] revoked =
        [
            new() { RevokedByIssuer = [MadePlatform.PckSerial] },
            new() { RevokedByRoot = [MadePlatform.IssuerSerial] },
            new() { RevokedByRoot = [MadePlatform.SignerSerial] },
        ];

        foreach (var platform in revoked)
        {
            var result = Judge(platform);
            result.Checks().Should().Equal("revoked");
            result.Failures[0].Code.Should().Be(RefusalCode.Revoked);
        }
    }

    [Theory]
    [InlineData("2026-06-19", "2026-05-31", "tcb-info-validity")]
    [InlineData("2026-05-20", "2026-06-02", "tcb-info-validity")]
    [InlineData("\"id\":\"SGX\"", "\"id\":\"XYZ\"", "tcb-info")]
    [InlineData("\"version\":3", "\"version\":2", "tcb-info")]
    [InlineData("\"tcbType\":0", "\"tcbType\":1", "tcb-info")]
    [InlineData("UpToDate", "Fine", "tcb-info")]
    [InlineData("\"tcbType\":0", "\"tcbType\":0,\"tcbType\":0", "tcb-info")]
    [InlineData("{\"svn\":5},", "", "tcb-info")]
    [InlineData(MadeCollateral.Fmspc, "112233445567", "tcb-info-platform")]
    [InlineData("\"pceId\":\"0000\"", "\"pceId\":\"0100\"", "tcb-info-platform")]
    [InlineData("{\"svn\":4}", "{\"svn\":6}", "tcb-level")]
    public void Tcb_info_must_be_current_well_formed_and_for_the_platform(string from, string to, string check)
    {
        var info = MadeCollateral.SgxTcbInfo.Replace(from, to, StringComparison.Ordinal);
        if (check == "tcb-level")
        {
            info = info.Replace("\"pcesvn\":11", "\"pcesvn\":12", StringComparison.Ordinal);
        }

        Judge(new MadePlatform { TcbInfo = info }).Checks().Should().Equal(check);
    }

    [Theory]
    [InlineData("2026-06-19", "2026-05-31", "qe-identity-validity")]
    [InlineData("\"id\":\"QE\"", "\"id\":\"TD_QE\"", "qe-identity")]
    [InlineData("\"id\":\"QE\"", "\"id\":\"QVE\"", "qe-identity")]
    [InlineData("\"version\":2", "\"version\":1", "qe-identity")]
    [InlineData("\"isvprodid\":1,", "", "qe-identity")]
    public void Identity_must_be_current_well_formed_and_of_the_right_enclave(string from, string to, string check)
    {
        Judge(new MadePlatform { Identity = MadeCollateral.Identity("QE").Replace(from, to, StringComparison.Ordinal) }).Checks().Should().Equal(check);
    }

    [Theory]
    [InlineData(0, "tcb-info-signature")]
    [InlineData(1, "qe-identity-signature")]
    public void Signature_covers_the_exact_bytes(int index, string check)
    {
        var platform = new MadePlatform();
        var endorsements = platform.Endorsements();
        var spaced = System.Text.Encoding.UTF8.GetString(endorsements[index].Span).Replace("\"version\":", "\"version\": ", StringComparison.Ordinal);
        var changed = endorsements.SetItem(index, new Bytes(System.Text.Encoding.UTF8.GetBytes(spaced)));

        MadeIntel.Judge(s_verifier, new MadeQuote().ToEvidence(), changed).Checks().Should().Equal(check);
    }

    [Theory]
    [InlineData(5, 10, "OutOfDate", "INTEL-SA-00001")]
    [InlineData(4, 11, "OutOfDate", "INTEL-SA-00001")]
    public void Older_platform_has_the_first_level_that_it_reaches(int component, int pceSvn, string status, string advisories)
    {
        var result = Judge(new MadePlatform { Extension = MadePlatform.PckContent(component, pceSvn) });

        result.Checks().Should().Equal("tcbStatus");
        result.Claims!.Values["tcbStatus"].Should().Be(status);
        result.Claims.Values["advisories"].Should().Be(advisories);
        result.Claims.Tcb["tcbDate"].Should().Be(20_250_501);
    }

    [Fact]
    public void Platform_below_every_level_is_refused()
    {
        Judge(new MadePlatform { Extension = MadePlatform.PckContent(component: 3) }).Checks().Should().Equal("tcb-level");
        Judge(new MadePlatform { Extension = MadePlatform.PckContent(pceSvn: 9) }).Checks().Should().Equal("tcb-level");
    }

    [Fact]
    public void Older_quoting_enclave_makes_the_platform_out_of_date()
    {
        var result = Judge(new MadeQuote { ChangeQeReport = report => report[258] = 7 });

        result.Checks().Should().Equal("tcbStatus");
        result.Claims!.Values["tcbStatus"].Should().Be("OutOfDate");
        result.Claims.Values["advisories"].Should().Be("INTEL-SA-00003");
    }

    [Fact]
    public void Revoked_tcb_is_refused_whatever_a_contract_says()
    {
        var info = MadeCollateral.SgxTcbInfo.Replace("UpToDate", "Revoked", StringComparison.Ordinal);

        Judge(new MadePlatform { TcbInfo = info }).Failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.Revoked);
    }

    [Theory]
    [InlineData("UpToDate", "UpToDate", "UpToDate")]
    [InlineData("SWHardeningNeeded", "UpToDate", "SWHardeningNeeded")]
    [InlineData("UpToDate", "OutOfDate", "OutOfDate")]
    [InlineData("SWHardeningNeeded", "OutOfDate", "OutOfDate")]
    [InlineData("ConfigurationNeeded", "OutOfDate", "OutOfDateConfigurationNeeded")]
    [InlineData("ConfigurationAndSWHardeningNeeded", "OutOfDate", "OutOfDateConfigurationNeeded")]
    [InlineData("OutOfDateConfigurationNeeded", "OutOfDate", "OutOfDateConfigurationNeeded")]
    [InlineData("Revoked", "OutOfDate", "Revoked")]
    [InlineData("Revoked", "UpToDate", "Revoked")]
    [InlineData("UpToDate", "Revoked", "Revoked")]
    [InlineData("UpToDate", "SWHardeningNeeded", "OutOfDate")]
    public void Judgements_converge_to_the_worst(string platform, string part, string expected)
    {
        TcbStatuses.Parse(platform).With(TcbStatuses.Parse(part)).Should().Be(TcbStatuses.Parse(expected));
    }

    private static AttestationResult Judge(MadePlatform platform) => Judge(new MadeQuote { Platform = platform });

    private static AttestationResult Judge(MadeQuote quote) => MadeIntel.Judge(s_verifier, quote.ToEvidence(), quote.Platform.Endorsements());
}
