using System.Buffers.Binary;
using System.Security.Cryptography;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.OpenEnclave;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.OpenEnclave;

/// <summary>Open Enclave's frames around SGX quotes, made up and genuine.</summary>
public sealed class OpenEnclaveVerifierTests
{
    internal const string SgxEcdsa = "a3a21e871b4d4014b70aa125d2fbcd8c";
    private static readonly OpenEnclaveVerifier s_verifier = new(MadePlatform.Anchors);
    private static readonly byte[] s_claims = [9, 8, 7];

    [Fact]
    public void Every_vector_is_judged_as_expected()
    {
        SharedVectors.Require();

        VectorAssertions.AllAgree(OpenEnclaveVectors.Cases);
    }

    [Fact]
    public void Good_report_and_evidence_are_affirmed_and_recognised()
    {
        byte[][] good =
        [
            Report(new MadeQuote().ToBytes()),
            Evidence("1923d91e12d24c72b22025cd8dace871", new MadeQuote().ToBytes()),
            Evidence("c8303454d9234c2ca691df7def460a76", Report(new MadeQuote().ToBytes())),
            Evidence(SgxEcdsa, [.. Bound(s_claims), .. s_claims]),
            Evidence(SgxEcdsa, Bound([])),
        ];

        foreach (var bytes in good)
        {
            Judge(bytes).Failures.Should().BeEmpty();
            s_verifier.Recognises(bytes).Should().BeTrue();
            new IntelSgxVerifier().Recognises(bytes).Should().BeFalse();
        }

        Judge(good[3]).Claims!.Values["customClaims"].Should().Be("090807");
    }

    [Fact]
    public void Custom_claims_that_the_report_data_does_not_hold_are_refused()
    {
        Judge(Evidence(SgxEcdsa, [.. Bound(s_claims), 9, 8, 6])).Checks().Should().Equal("custom-claims");
        Judge(Evidence(SgxEcdsa, Bound(s_claims))).Checks().Should().Equal("custom-claims");
        Judge(Evidence(SgxEcdsa, new MadeQuote().ToBytes())).Checks().Should().Equal("custom-claims");
    }

    [Fact]
    public void Local_report_other_version_and_wrong_length_are_refused()
    {
        var report = Report(new MadeQuote().ToBytes());
        byte[] local = [.. report];
        local[4] = 1;
        byte[] version = [.. report];
        version[0] = 2;

        foreach (var bytes in (byte[][])[local, version, report[..^1], [.. report, 0], Evidence(SgxEcdsa, new byte[10]), [], [1, 0, 0, 0]])
        {
            Judge(bytes).Checks().Should().Equal("evidence-format");
        }
    }

    [Fact]
    public void Failures_of_the_quote_are_listed()
    {
        var bytes = Report(new MadeQuote().ToBytes());
        bytes[16 + MadeQuote.Header + 64] ^= 1;

        Judge(bytes).Checks().Should().Equal("signature");
    }

    internal static byte[] Report(byte[] quote) => [1, 0, 0, 0, 2, 0, 0, 0, .. Length(quote.Length), .. quote];

    internal static byte[] Evidence(string format, byte[] data) => [1, 0, 0, 0, .. Convert.FromHexString(format), .. Length(data.Length), .. data];

    /// <summary>Returns an honest one.</summary>
    internal static VectorCase Made() => MadeEvidence.Of(
        "open-enclave", s_verifier, Evidence(SgxEcdsa, [.. Bound(s_claims), .. s_claims]), new MadePlatform().Endorsements().Select(one => one.ToArray()));

    private static byte[] Bound(byte[] claims)
    {
        var body = MadeQuote.Report(0x05, 1, new string('D', 64), 3);
        SHA256.HashData(claims).CopyTo(body, 320);
        body.AsSpan(352).Clear();
        return new MadeQuote { Body = body }.ToBytes();
    }

    private static byte[] Length(int length)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        return bytes;
    }

    private static AttestationResult Judge(byte[] bytes) => MadeIntel.Judge(s_verifier, new Bytes(bytes), new MadePlatform().Endorsements());
}
