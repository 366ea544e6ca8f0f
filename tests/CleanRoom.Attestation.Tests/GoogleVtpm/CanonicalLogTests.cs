using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.GoogleVtpm;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using static CleanRoom.Attestation.Tests.GoogleVtpm.ProtoBytes;

namespace CleanRoom.Attestation.Tests.GoogleVtpm;

/// <summary>The launcher's log: what it must prove before a claim is taken from it.</summary>
public sealed class CanonicalLogTests
{
    private const byte Reference = 0;
    private const byte ImageDigest = 1;
    private const byte Argument = 4;
    private const byte Separator = 8;

    private static readonly MadeGoogle s_good = new();
    private static readonly (byte Kind, string Value)[] s_start = [(Reference, "registry/image:1"), (ImageDigest, "sha256:77"), (Argument, "--run"), (Separator, ""), (ImageDigest, "sha256:66")];

    [Fact]
    public void A_log_of_the_pcr_says_what_was_started_before_the_separator()
    {
        var result = Quoted(Log(s_start), Register(s_start)).Judge();

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["containerImageReference"].Should().Be("registry/image:1");
        result.Claims.Values["containerImageDigest"].Should().Be("sha256:77");
        result.Claims.Values.Should().NotContainKey("containerImageId");
    }

    [Fact]
    public void A_content_that_stands_twice_is_no_claim()
    {
        (byte, string)[] twice = [(ImageDigest, "sha256:77"), (ImageDigest, "sha256:66")];

        var result = Quoted(Log(twice), Register(twice)).Judge();

        result.Failures.Should().BeEmpty();
        result.Claims!.Values.Should().NotContainKey("containerImageDigest");
    }

    [Fact]
    public void A_log_of_the_rtmr_holds_with_a_tdx_quote_alone()
    {
        var (log, rtmr) = (Log(s_start, register: 4, type: 108), Register(s_start, SHA384.HashData, 48));
        var collateral = MadeHardware.Platform.Endorsements().Select(one => one.ToArray()).ToArray();
        MadeGoogle With(byte[] quote) => s_good with { More = [.. Field(5, log), .. MadeHardware.Tdx(quote)] };

        With(MadeHardware.TdQuote(MadeGoogle.Nonce, rtmr)).Failed(collateral).Should().BeEmpty();
        With(MadeHardware.TdQuote(MadeGoogle.Nonce)).Failed(collateral).Should().Equal("canonical-event-log-replay");
        (s_good with { More = Field(5, log) }).Failed().Should().Equal("canonical-event-log-register");
        (s_good with { More = [.. Field(5, log), .. MadeHardware.Snp(MadeHardware.SnpReport(MadeGoogle.Nonce))] }).Failed().Should().Equal("canonical-event-log-register");
    }

    [Fact]
    public void A_log_that_does_not_replay_or_is_of_a_pcr_that_is_not_quoted_is_refused()
    {
        Quoted(Log(s_start), Register(s_start[1..])).Failed().Should().Equal("canonical-event-log-replay");
        Quoted(Log(s_start[1..]), Register(s_start)).Failed().Should().Equal("canonical-event-log-replay");
        Quoted(Log(s_start, algorithm: 0x0C), Register(s_start)).Failed().Should().Equal("canonical-event-log-replay");
        (s_good with { More = Field(5, Log(s_start)) }).Failed().Should().Equal("canonical-event-log-register");
    }

    [Fact]
    public void Contents_that_were_not_extended_are_refused()
    {
        var log = Log(s_start);
        log[log.AsSpan().IndexOf("77"u8)] ^= 1;

        Quoted(log, Register(s_start)).Failed().Should().Equal("canonical-event-log-data");
    }

    [Fact]
    public void Logs_of_another_form_are_refused()
    {
        var good = Log(s_start);
        foreach (var log in (byte[][])[[1], [.. good, 0], good[..^1], Log(s_start, register: 16), Log(s_start, register: 3, type: 108), Log(s_start, type: 2), Log(s_start, first: 1), Log(s_start, algorithm: 0x10)])
        {
            Quoted(log, Register(s_start)).Failed().Should().Equal("event-log-format");
        }

        for (var length = 1; length < Log(s_start[..1]).Length; length++)
        {
            CanonicalLog.Parse(good.AsSpan(0, length)).Should().BeNull($"{length} bytes");
        }
    }

    [Fact]
    public void Genuine_log_is_read_and_says_what_was_started()
    {
        var log = CanonicalLog.Parse(Convert.FromBase64String(Encoding.ASCII.GetString(SharedVectors.Read("tpm/go-tpm-tools-agent/cel.b64")).Trim()));

        log!.Records.Should().HaveCount(18).And.OnlyContain(record => record.IsRtmr);
        log.Records.Select(record => Convert.ToHexStringLower(record.Digests[TpmAlgorithms.Sha384].Span))
            .Should().Equal(log.Records.Select(record => Convert.ToHexStringLower(SHA384.HashData(record.Hashed.Span))));
        Convert.ToHexStringLower(log.Replay(TpmAlgorithms.Sha384).Span).Should()
            .Be("2261f93374ed538b35e7e93c540a1562ccb25d14f6c40a1efea03d329e29a97172d84e152344af4a7188d0c8b9fcabeb");
        log.ToClaims().Select(claim => claim.Key).Should().Equal("containerImageReference", "containerImageDigest", "containerRestartPolicy", "containerImageId");
        log.ToClaims().ToDictionary()["containerRestartPolicy"].Should().Be("Never");
    }

    private static MadeGoogle Quoted(byte[] log, byte[] pcr) => s_good with
    {
        Quotes = [s_good.Quote(MadeGoogle.Sha256, made => made with { Selections = [(0x0B, [13])], PcrDigest = SHA256.HashData(pcr) }, [(13, pcr)])],
        More = Field(5, log),
    };

    private static byte[] Register((byte Kind, string Value)[] records) => Register(records, SHA256.HashData, 32);

    private static byte[] Register((byte Kind, string Value)[] records, Func<byte[], byte[]> hash, int length) =>
        records.Aggregate(new byte[length], (value, record) => hash([.. value, .. hash(Tlv(80, Tlv(record.Kind, Encoding.ASCII.GetBytes(record.Value))))]));

    private static byte[] Log((byte Kind, string Value)[] records, byte register = 13, byte type = 1, int first = 0, byte? algorithm = null) => [.. records.SelectMany((record, i) =>
    {
        var content = Tlv(80, Tlv(record.Kind, Encoding.ASCII.GetBytes(record.Value)));
        var number = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, first + i);
        var bank = algorithm ?? (type == 108 ? (byte)0x0C : (byte)0x0B);
        var digest = Tlv(bank, bank == 0x0C ? SHA384.HashData(content) : SHA256.HashData(content));
        return (byte[])[.. Tlv(0, number), .. Tlv(type, [register]), .. Tlv(3, digest), .. content];
    })];

    private static byte[] Tlv(byte type, byte[] value)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        return [type, .. length, .. value];
    }
}
