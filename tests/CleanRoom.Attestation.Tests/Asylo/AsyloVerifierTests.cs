using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Asylo;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using CsCheck;

namespace CleanRoom.Attestation.Tests.Asylo;

/// <summary>A good certificate of an attestation key, and each way in which one may be wrong.</summary>
public sealed class AsyloVerifierTests
{
    private static readonly AsyloVerifier s_verifier = new(MadePlatform.Anchors);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Good_certificate_is_a_warning_that_says_what_it_does_not_prove(bool isWrapped)
    {
        var result = Judge(new AsyloMaker { IsWrapped = isWrapped }, new MadePlatform { Without = ["identity"] });

        result.Failures.Should().BeEmpty("no quoting enclave was at work");
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().Contain(word => word.Contains("no nonce"));
        result.Claims!.Values["measurement"].Should().Be(string.Concat(Enumerable.Repeat("e1", 32)));
        result.Claims.Values["attestationKey"].Should().Be(Digest.Of(AsyloMaker.Key.Spki).ToString());
        result.Claims.Values["tcbStatus"].Should().Be("UpToDate");
        result.Claims.Tcb.Should().NotContainKey("qeSvn").And.Contain("pceSvn", 11);
        result.Claims.Anchor.Should().Be(MadePlatform.Anchors[0].SpkiDigest);
    }

    [Fact]
    public void Platform_is_judged_as_for_a_quote()
    {
        var decoy = TestAuthority.Root("CN=Intel SGX Root CA", TestKey.Ec("P-256"));
        Judge(new AsyloMaker(), new MadePlatform { Root = decoy, SignerRoot = decoy }).Checks().Should().Equal("chain", "tcb-signer-chain");
        Judge(new AsyloMaker(), new MadePlatform { PckNotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) }).Checks().Should().Equal("chain-validity");
        Judge(new AsyloMaker(), new MadePlatform { RevokedByIssuer = [MadePlatform.PckSerial] }).Checks().Should().Equal("revoked");
        Judge(new AsyloMaker(), new MadePlatform { Without = ["pck-list"] }).Checks().Should().Equal("crl");
        Judge(new AsyloMaker(), new MadePlatform { Without = ["tcb-info"] }).Checks().Should().Equal("tcb-info");
        Judge(new AsyloMaker(), new MadePlatform { Extension = MadePlatform.PckContent(component: 4, pceSvn: 10) }).Checks().Should().Equal("tcbStatus");
        Judge(new AsyloMaker(), new MadePlatform { Extension = MadePlatform.PckContent(component: 3) }).Checks().Should().Equal("tcb-level");
        Judge(new AsyloMaker(), new MadePlatform { IssuerName = "CN=Somebody" }).Checks().Should().Equal("pck-issuer");
        Judge(new AsyloMaker(), new MadePlatform { TcbInfo = MadeCollateral.SgxTcbInfo.Replace(MadeCollateral.Fmspc, "00906ea10000", StringComparison.Ordinal) })
            .Checks().Should().Equal("tcb-info-platform");
        Judge(new AsyloMaker(), new MadePlatform { TcbInfo = MadeCollateral.SgxTcbInfo.Replace("UpToDate", "Revoked", StringComparison.Ordinal) })
            .Checks().Should().Equal("tcb-revoked");
        MadeIntel.Judge(s_verifier, new AsyloMaker().Make(), []).Checks().Should().Equal("pck-certificate", "tcb-info");
    }

    [Fact]
    public void What_the_report_does_not_bind_is_refused()
    {
        Checks(new AsyloMaker { BoundPayload = [1] }).Should().Equal("payload-binding");
        Checks(new AsyloMaker { Label = "ASYLO SIGNREPORX" }).Should().Equal("payload-binding");
        Checks(new AsyloMaker { Change = report => report[352] = 1 }).Should().Equal("payload-binding");
        Checks(new AsyloMaker { Signer = AsyloMaker.Key }).Should().Equal("signature");
    }

    [Fact]
    public void Key_for_another_purpose_is_refused()
    {
        Checks(new AsyloMaker { Purpose = "Sealing Key" }).Should().Equal("key-purpose");
        Checks(new AsyloMaker { KeyVersion = "v2" }).Should().Equal("key-version");
        Checks(new AsyloMaker { PayloadVersion = "v2" }).Should().Equal("payload-version");
    }

    [Fact]
    public void Enclave_that_is_debuggable_or_not_initialised_is_refused()
    {
        Checks(new AsyloMaker { Flags = 0x07 }).Should().Equal("debug");
        Checks(new AsyloMaker { Flags = 0x04 }).Should().Equal("sgx-attributes");
    }

    [Fact]
    public void Wrong_forms_are_refused()
    {
        var good = new AsyloMaker().Make().ToArray();
        foreach (var bytes in (byte[][])[[], good[..^1], [.. good, 0], [.. good, 0x20, 1], [.. good, .. good], [.. good, .. new byte[8 * 1024]], good[3..]])
        {
            MadeIntel.Judge(s_verifier, new Bytes(bytes), []).Checks().Should().Equal("evidence-format");
        }

        Checks(new AsyloMaker { Scheme = 2 }).Should().Equal("evidence-format");
        Checks(new AsyloMaker { KeyBytes = TestKey.Ec("P-384").Spki }).Should().Equal("evidence-format");
        Checks(new AsyloMaker { KeyBytes = [1, 2, 3] }).Should().Equal("evidence-format");
        Checks(new AsyloMaker { Change = report => report[300] = 1 }).Should().Equal("evidence-format");
    }

    [Fact]
    public void Every_changed_byte_that_is_signed_is_refused()
    {
        var good = new AsyloMaker().Make().ToArray();
        var endorsements = Endorsements(new MadePlatform());

        // Behind the report's body stand the key id and the MAC of the machine, 48 bytes, which nobody signed.
        var unsigned = 6 + 384;
        foreach (var i in Enumerable.Range(0, good.Length).Where(i => i < unsigned || i >= unsigned + 48))
        {
            var changed = (byte[])good.Clone();
            changed[i] ^= 1;
            MadeIntel.Judge(s_verifier, new Bytes(changed), endorsements).Verdict.Should().Be(AttestationVerdict.Contraindicated, $"byte {i} was changed");
        }
    }

    [Fact]
    public void No_bytes_make_the_verifier_throw()
    {
        var seed = new AsyloMaker { IsWrapped = true }.Make().ToArray();
        Gen.Select(Gen.Int[0, seed.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var bytes = (byte[])seed.Clone();
                foreach (var (index, value) in changes)
                {
                    bytes[index] = value;
                }

                s_verifier.Recognises(bytes);
                return !s_verifier.Parse(bytes, [new Bytes(bytes)]).TryGet(out var parsed, out _) || s_verifier.Verify(parsed, MadePlatform.At) is not null;
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public void Vectors_agree() => Assert.All(AsyloVectors.Cases, VectorVerdict.Check);

    private static IEnumerable<string> Checks(AsyloMaker maker) => Judge(maker, new MadePlatform()).Checks();

    private static AttestationResult Judge(AsyloMaker maker, MadePlatform platform) => MadeIntel.Judge(s_verifier, maker.Make(), Endorsements(platform));

    private static ImmutableArray<Bytes> Endorsements(MadePlatform platform) => [new Bytes(Encoding.ASCII.GetBytes(platform.Chain())), .. platform.Endorsements()];
}
