using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AzureVtpm;

/// <summary>The same machine in the envelopes of Confidential Containers' trustee.</summary>
public sealed class TrusteeEnvelopeTests
{
    private static readonly MadeAzure s_snp = With(new MadeAzure());
    private static readonly MadeAzure s_tdx = With(new MadeAzure { IsTdx = true });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Versions_with_text_hold(int version)
    {
        Failed(s_snp, Versioned(s_snp, version)).Should().BeEmpty();
        Failed(s_tdx, Versioned(s_tdx, version)).Should().BeEmpty();
    }

    [Fact]
    public void The_form_without_version_holds()
    {
        Failed(s_snp, Numbers(s_snp, "report", "quote")).Should().BeEmpty();
        Failed(s_tdx, Numbers(s_tdx, "hcl_report", "tpm_quote")).Should().BeEmpty();
    }

    [Fact]
    public void Other_members_and_other_values_are_refused()
    {
        foreach (var change in new Action<JsonObject>[]
        {
            o => o["version"] = 3,
            o => o["version"] = "1",
            o => o["other"] = 1,
            o => o["td_quote"] = "AAAA",
            o => o.Remove("vcek"),
            o => o.Remove("tpm_quote"),
            o => o["hcl_report"] = "AA!A",
            o => o["hcl_report"] = new JsonArray(1, 2),
            o => o["vcek"] = "AAA==",
            o => o["vcek"] = "A===",
            o => o["tpm_quote"]!["other"] = 1,
            o => o["tpm_quote"]!["message"] = "0g",
            o => o["tpm_quote"]!["message"] = "abc",
            o => o["tpm_quote"]!["pcrs"]!.AsArray().RemoveAt(23),
            o => o["tpm_quote"]!["pcrs"]!.AsArray().Add(new string('0', 64)),
            o => o["tpm_quote"]!["pcrs"]![3] = new string('0', 62),
        })
        {
            var envelope = Versioned(s_snp, 1);
            change(envelope);

            Failed(s_snp, envelope).Should().Equal("evidence-format");
        }
    }

    [Fact]
    public void Numbers_that_are_no_bytes_are_refused()
    {
        foreach (var number in new[] { -1, 256 })
        {
            var envelope = Numbers(s_snp, "report", "quote");
            envelope["report"]![100] = number;

            Failed(s_snp, envelope).Should().Equal("evidence-format");
        }
    }

    [Fact]
    public void Changed_values_and_signatures_are_refused()
    {
        var pcrs = Versioned(s_snp, 1);
        pcrs["tpm_quote"]!["pcrs"]![8] = new string('0', 64);
        var signature = Versioned(s_snp, 1);
        signature["tpm_quote"]!["signature"] = new string('0', 512);

        Failed(s_snp, pcrs).Should().Equal("pcrs");
        Failed(s_snp, signature).Should().Equal("quote-signature");
    }

    [Fact]
    public void Both_forms_are_recognised()
    {
        MadeAzure.Verifier.Recognises(Encoding.UTF8.GetBytes("\n" + Versioned(s_snp, 1).ToJsonString())).Should().BeTrue();
        MadeAzure.Verifier.Recognises(Encoding.UTF8.GetBytes(Numbers(s_snp, "report", "quote").ToJsonString())).Should().BeTrue();
        MadeAzure.Verifier.Recognises("{\"quote\":1}"u8).Should().BeFalse();
    }

    private static MadeAzure With(MadeAzure made) => made with
    {
        Tpm = made.Tpm with { Pcrs = Enumerable.Range(0, 24).ToImmutableSortedDictionary(i => i, i => Enumerable.Repeat((byte)i, 32).ToArray()) },
    };

    private static JsonObject Versioned(MadeAzure made, int version)
    {
        var envelope = new JsonObject
        {
            ["version"] = version,
            ["hcl_report"] = Base64(made.Hcl()),
            ["tpm_quote"] = new JsonObject
            {
                ["message"] = Convert.ToHexStringLower(made.Tpm.Quote()),
                ["signature"] = Convert.ToHexStringLower(Signature(made.Tpm)),
                ["pcrs"] = new JsonArray([.. made.Tpm.Pcrs.Values.Select(value => (JsonNode)Convert.ToHexStringLower(value))]),
            },
        };
        envelope[made.IsTdx ? "td_quote" : "vcek"] = Base64(made.IsTdx ? made.TdQuote() : TestSnp.Vek());
        return envelope;
    }

    private static JsonObject Numbers(MadeAzure made, string report, string quote)
    {
        var envelope = new JsonObject
        {
            [report] = Array(made.Hcl()),
            [quote] = new JsonObject
            {
                ["message"] = Array(made.Tpm.Quote()),
                ["signature"] = Array(Signature(made.Tpm)),
                ["pcrs"] = new JsonArray([.. made.Tpm.Pcrs.Values.Select(Array)]),
            },
        };
        envelope[made.IsTdx ? "td_quote" : "vcek"] = made.IsTdx ? Array(made.TdQuote()) : System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", TestSnp.Vek());
        return envelope;
    }

    /// <summary>Leaves out what trustee leaves out: scheme, hash and length.</summary>
    private static byte[] Signature(MadeTpmEvidence tpm) => tpm.Signature()[6..];

    private static JsonNode Array(byte[] bytes) => new JsonArray([.. bytes.Select(value => (JsonNode)(int)value)]);

    private static string Base64(byte[] bytes) => Base64Url.EncodeToString(bytes) + new string('=', (3 - (bytes.Length % 3)) % 3);

    /// <summary>The signing key's certificate comes inside; only its issuer is beside.</summary>
    private static IEnumerable<string> Failed(MadeAzure made, JsonObject envelope) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(
            TeeNames.AzureVtpm, new Bytes(Encoding.UTF8.GetBytes(envelope.ToJsonString())), made.IsTdx ? made.Endorsements() : [new Bytes(TestSnp.Ask.Der)]),
        Expected.Learned<Bytes>("a test"),
        TestSnp.At,
        [MadeAzure.Verifier]).Failures.Select(failure => failure.Check);
}
