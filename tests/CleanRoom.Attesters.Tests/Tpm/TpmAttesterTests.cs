using System.Security.Cryptography;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Tpm;

/// <summary>Quotes of a real software TPM.</summary>
public class TpmAttesterTests
{
    private const string AttestationKeyAttributes = "00050072";

    private static readonly byte[] _reportData = SHA512.HashData("a question"u8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evidence_is_a_quote_over_the_report_data_by_a_restricted_key()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);

        var made = await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token);

        var evidence = TpmEvidence.Read(made);
        evidence.Members.Members.Select(member => member.Name).Should().BeEquivalentTo("akPublic", "pcrs", "quote", "signature", "type");
        evidence.ExtraData.Should().Equal(_reportData);
        evidence.IsSigned().Should().BeTrue();
        Convert.ToHexStringLower(evidence.AkPublic.AsSpan(4, 4)).Should().Be(AttestationKeyAttributes);
        evidence.Pcrs.Keys.Should().BeEquivalentTo(PcrSelection.Default.Indices.Select(index => $"{index}"));
        evidence.Quote[^32..].Should().Equal(PcrDigest(evidence));
        made.Endorsements.Should().BeEmpty();
    }

    [Fact]
    public async Task Quote_passes_another_verifier()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var evidence = TpmEvidence.Read(await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token));
        await File.WriteAllBytesAsync(Path.Combine(tpm.Directory, "quote"), evidence.Quote, Token);
        await File.WriteAllBytesAsync(Path.Combine(tpm.Directory, "signature"), evidence.Signature, Token);
        await File.WriteAllBytesAsync(
            Path.Combine(tpm.Directory, "key"), [(byte)(evidence.AkPublic.Length >> 8), (byte)evidence.AkPublic.Length, .. evidence.AkPublic], Token);

        var check = "tpm2_checkquote --public key --message quote --signature signature --hash-algorithm sha256 --qualification ";
        await tpm.ToolAsync("tpm2_print --type TPMS_ATTEST quote", Token);
        await tpm.ToolAsync(check + Convert.ToHexStringLower(_reportData), Token);
        var other = async () => await tpm.ToolAsync(check + Convert.ToHexStringLower(SHA512.HashData("another"u8)), Token);

        await other.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task Extending_a_pcr_changes_that_pcr_and_the_digest_and_not_the_key()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var attester = new TpmAttester(access, NoLog());
        var before = TpmEvidence.Read(await attester.AttestAsync(_reportData, Token));

        await tpm.ToolAsync($"tpm2_pcrextend 14:sha256={new string('a', 64)}", Token);
        var after = TpmEvidence.Read(await attester.AttestAsync(_reportData, Token));

        after.Pcrs.Where(pcr => before.Pcrs[pcr.Key] != pcr.Value).Select(pcr => pcr.Key).Should().Equal("14");
        after.Quote[^32..].Should().NotEqual(before.Quote[^32..]).And.Equal(PcrDigest(after));
        after.AkPublic.Should().Equal(before.AkPublic);
        after.IsSigned().Should().BeTrue();
    }

    [Fact]
    public async Task Measuring_extends_the_pcr_of_the_bank_that_is_quoted()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var digest = Digest.Of("what is loaded"u8);

        await TpmMeasurement.ExtendAsync(access, 11, digest, Token);

        TpmEvidence.Read(await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token)).Pcrs["11"]
            .Should().Be(Digest.Of([.. new byte[Digest.Length], .. digest.ToArray()]).ToString());
    }

    [Fact]
    public async Task Key_is_the_same_after_a_restart_and_another_one_on_another_tpm()
    {
        await using var tpm = await RealTpm.StartAsync();
        await using var other = await RealTpm.StartAsync();
        var key = await KeyAsync(tpm.Endpoint);

        await tpm.RestartAsync(Token);

        (await KeyAsync(tpm.Endpoint)).Should().Equal(key);
        (await KeyAsync(other.Endpoint)).Should().NotEqual(key);
    }

    [Fact]
    public async Task Nothing_stays_in_the_tpm_also_when_many_ask_at_once()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var attester = new TpmAttester(access, NoLog());

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => attester.AttestAsync(SHA512.HashData([(byte)n]), Token).AsTask()));

        all.Select(one => TpmEvidence.Read(one).ExtraData).Should().BeEquivalentTo(Enumerable.Range(0, 8).Select(n => SHA512.HashData([(byte)n])));
        (await tpm.ToolAsync("tpm2_getcap handles-transient", Token)).Should().BeEmpty();
        (await tpm.ToolAsync("tpm2_getcap handles-loaded-session", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Certificate_of_the_maker_comes_first_and_its_template_makes_the_key()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var own = await KeyAsync(tpm.Endpoint);

        // The maker's template differs in its unique value alone: that makes another key.
        byte[] template = [.. own[..20], 0, 32, .. new byte[31], 1, 0, 32, .. new byte[32]];
        byte[] certificate = [0x30, 0x82, 0x05, 0xdc, .. RandomNumberGenerator.GetBytes(1_500)];
        await DefineAsync(tpm, "0x1C10002", [.. certificate, 0xff, 0xff]);
        await DefineAsync(tpm, "0x1C10003", template);
        var issuer = new CleanRoom.Protocol.Bytes([1, 2, 3]);

        var made = await new TpmAttester(access, new TpmAttesterOptions { EventLogPath = "none", Issuers = [issuer] }).AttestAsync(_reportData, Token);

        made.Endorsements.Should().Equal(new CleanRoom.Protocol.Bytes(certificate), issuer);
        var evidence = TpmEvidence.Read(made);
        evidence.AkPublic.Should().NotEqual(own);
        evidence.IsSigned().Should().BeTrue();
    }

    [Fact]
    public async Task Event_log_is_added_when_it_is_there_and_not_too_long()
    {
        await using var tpm = await RealTpm.StartAsync();
        using var access = new TpmAccess(tpm.Endpoint);
        var path = Path.Combine(tpm.Directory, "log");
        var attester = new TpmAttester(access, new TpmAttesterOptions { EventLogPath = path });

        await File.WriteAllBytesAsync(path, new byte[128 * 1024], Token);
        TpmEvidence.Read(await attester.AttestAsync(_reportData, Token)).Binary("eventLog").Should().HaveCount(128 * 1024);

        await File.WriteAllBytesAsync(path, new byte[(128 * 1024) + 1], Token);
        TpmEvidence.Read(await attester.AttestAsync(_reportData, Token)).Members.Find("eventLog").Should().BeNull();
    }

    [Fact]
    public async Task Other_report_data_than_64_bytes_is_the_callers_fault()
    {
        using var access = new TpmAccess(new TpmDevice("/nowhere"));

        var attest = async () => await new TpmAttester(access, NoLog()).AttestAsync(new byte[63], Token);

        await attest.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Absent_tpm_is_named()
    {
        using var access = new TpmAccess(new TpmDevice("/nowhere/tpm"));

        var attest = async () => await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token);

        (await attest.Should().ThrowAsync<AttesterException>()).WithMessage("/nowhere/tpm: wanted a tpm that can be opened, got none");
    }

    private static TpmAttesterOptions NoLog() => new() { EventLogPath = "none" };

    private static async Task<byte[]> KeyAsync(TpmEndpoint endpoint)
    {
        using var access = new TpmAccess(endpoint);
        return TpmEvidence.Read(await new TpmAttester(access, NoLog()).AttestAsync(_reportData, Token)).AkPublic;
    }

    private static async Task DefineAsync(CleanRoom.TestKit.SwTpm tpm, string index, byte[] content)
    {
        await File.WriteAllBytesAsync(Path.Combine(tpm.Directory, index), content, Token);
        await tpm.ToolAsync($"tpm2_nvdefine {index} --hierarchy o --size {content.Length} --attributes ownerread|ownerwrite|authread", Token);
        await tpm.ToolAsync($"tpm2_nvwrite {index} --hierarchy o --input {index}", Token);
    }

    private static byte[] PcrDigest(TpmEvidence evidence) => SHA256.HashData(
        [.. evidence.Pcrs.OrderBy(pcr => int.Parse(pcr.Key, System.Globalization.CultureInfo.InvariantCulture)).SelectMany(pcr => Convert.FromHexString(pcr.Value))]);
}
