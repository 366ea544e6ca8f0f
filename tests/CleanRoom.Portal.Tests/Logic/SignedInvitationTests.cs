using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Members;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Portal.Features.Contracts;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit;

namespace CleanRoom.Portal.Tests.Logic;

/// <summary>Invitations as links: contracts/spec/0018.</summary>
public sealed class SignedInvitationTests
{
    private const string Collaboration = "5b7e0d6f9c6a3b1e8f24d0c7a1b2c3d4e5f60718293a4b5c6d7e8f9001122334";

    private static readonly SignatureVerifier _verifier = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Link_is_read_back_as_it_was_signed()
    {
        var (link, key) = await LinkAsync();

        link.Should().StartWith("https://room.example:8443/portal/invited#invitation=").And.MatchRegex("#invitation=[A-Za-z0-9_-]+\\z");
        var read = SignedInvitation.Parse(link, _verifier).Value;
        (read.Inviter, read.InviterKey, read.Fingerprint).Should().Be(("hospital/eve", key, Digest.Of(key.Span)));
        read.Invitation.Address.ToString().Should().Be("https://room.example:8443");
        read.Invitation.Record.Collaboration.Should().Be(Collaboration);
        DocumentDigest(read).Should().Be(CleanRoom.Protocol.Documents.DocumentCodec.DigestOf(ContractExamples.Read("media").Value));
        SignedInvitation.Parse(link[link.IndexOf('#', StringComparison.Ordinal)..], _verifier).IsAccepted.Should().BeTrue("the fragment is enough");
        link.Length.Should().BeLessThan(4_000, "it must pass through mail");
    }

    [Fact]
    public async Task Every_changed_byte_is_refused()
    {
        var (link, _) = await LinkAsync();
        var body = Unpack(link);
        for (var at = 0; at < body.Length; at += 7)
        {
            var changed = (byte[])body.Clone();
            changed[at] ^= 1;
            SignedInvitation.Parse(Pack(changed), _verifier).Refusals.Should().ContainSingle("byte {0} is another", at).Which.Code.Should().Be(RefusalCode.SignatureInvalid);
        }

        SignedInvitation.Parse(Pack(body), _verifier).IsAccepted.Should().BeTrue("what was changed above is what was refused");
    }

    [Fact]
    public async Task Cut_foreign_and_swollen_links_are_refused()
    {
        var (link, _) = await LinkAsync();
        var whole = SignedInvitation.Parse(link, _verifier).Value;
        foreach (var other in (string[])[string.Empty, "#", "https://room.example/portal/invited", link.Replace("#invitation=", "#invite=", StringComparison.Ordinal), link + "!",
            Pack(new byte[(3 * 1024 * 1024) + 200]), Pack(new byte[100])])
        {
            SignedInvitation.Parse(other, _verifier).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.DocumentInvalid);
        }

        // What a cut leaves is no base64url, or unpacks to a part of what was signed; where nothing but DEFLATE's mark of the end is lost, to all of it.
        for (var cut = 1; cut < 12; cut++)
        {
            var read = SignedInvitation.Parse(link[..^cut], _verifier);
            if (read.IsAccepted)
            {
                cut.Should().BeLessThanOrEqualTo(3, "a mark of the end has at most fifteen bits, before what fills a byte");
                DocumentDigest(read.Value).Should().Be(DocumentDigest(whole));
                continue;
            }

            read.Refusals.Should().ContainSingle().Which.Code.Should().BeOneOf(RefusalCode.DocumentInvalid, RefusalCode.SignatureInvalid);
        }
    }

    [Fact]
    public async Task Signed_payload_of_another_form_is_refused()
    {
        using var key = await new BclCryptoBackend().GenerateSigningKeyAsync(Cancel);
        foreach (var payload in (string[])["{}", "{\"collaboration\":\"x\",\"contract\":{},\"inviter\":\"a/b\",\"url\":\"https://r\"}", "[]", "{ }"])
        {
            var bytes = Encoding.UTF8.GetBytes(payload);
            var signature = await key.SignEs256Async(Pae.Of("application/vnd.cleanroom.invitation.v1+json", bytes), Cancel);
            SignedInvitation.Parse(Pack([.. key.PublicKey.Span, .. signature, .. bytes]), _verifier).IsAccepted.Should().BeFalse(payload);
        }
    }

    [Fact]
    public async Task Fingerprint_is_confirmed_by_twenty_digits_or_more_and_by_nothing_else()
    {
        var (link, key) = await LinkAsync();
        var signed = SignedInvitation.Parse(link, _verifier).Value;
        var digits = Digest.Of(key.Span).ToString();
        var another = digits[0] == '0' ? '1' : '0';

        signed.WhyNotConfirmed(digits).Should().BeNull();
        signed.WhyNotConfirmed($" {digits[..4].ToUpperInvariant()} {digits[4..8]}-{digits[8..12]}:{digits[12..20]}").Should().BeNull("grouping is the reader's");
        signed.WhyNotConfirmed(digits[..19])!.Code.Should().Be(RefusalCode.DocumentInvalid);
        signed.WhyNotConfirmed(string.Empty)!.Wanted.Should().Contain("20 digits");
        signed.WhyNotConfirmed(another + digits[1..])!.Code.Should().Be(RefusalCode.SignatureUnknownKey);
        signed.WhyNotConfirmed(digits[..63] + "g")!.Code.Should().Be(RefusalCode.SignatureUnknownKey);
        signed.WhyNotConfirmed(digits + "0")!.Code.Should().Be(RefusalCode.SignatureUnknownKey);
    }

    [Fact]
    public void Worked_vector_is_read_and_its_changed_form_refused()
    {
        var vector = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Committed("contracts", "vectors", "portal", "invitation-link.json")))!;
        var read = SignedInvitation.Parse(vector["link"]!.GetValue<string>(), _verifier).Value;

        read.Fingerprint.ToString().Should().Be(vector["fingerprint"]!.GetValue<string>());
        read.Inviter.Should().Be(vector["inviter"]!.GetValue<string>());
        read.Invitation.Address.ToString().Should().Be(vector["url"]!.GetValue<string>());
        read.Invitation.Record.Collaboration.Should().Be(vector["collaboration"]!.GetValue<string>());
        DocumentDigest(read).ToString().Should().Be(vector["contractDigest"]!.GetValue<string>());
        SignedInvitation.Parse(vector["changed"]!.GetValue<string>(), _verifier).Refusals.Single().Slug.Should().Be(vector["refusal"]!.GetValue<string>());
    }

    private static Digest DocumentDigest(SignedInvitation read) => CleanRoom.Protocol.Documents.DocumentCodec.DigestOf(read.Invitation.Record.Contract);

    private static async Task<(string Link, Bytes Key)> LinkAsync()
    {
        var backend = new BclCryptoBackend();
        var seed = SecretSeed();
        using var keys = new MemberKeys(await backend.GenerateSigningKeyAsync(Cancel), await backend.GenerateAgreementKeyAsync(Cancel), Ed25519Key.FromSeed(seed));
        seed.Dispose();
        var invitation = new Invitation(RoomAddress.Parse("https://room.example:8443").Value, RoomRecord.Invited(Collaboration, ContractExamples.Read("media").Value));
        return (await SignedInvitation.LinkAsync(new MemberIdentity("hospital", "eve", keys), invitation, Cancel), keys.Sign.PublicKey);
    }

    private static CleanRoom.Cryptography.SecretBytes SecretSeed() => CleanRoom.Cryptography.SecretBytes.CopyOf(RandomNumberGenerator.GetBytes(32));

    private static byte[] Unpack(string link)
    {
        var packed = Base64Url.DecodeFromChars(link.AsSpan(link.IndexOf('=', StringComparison.Ordinal) + 1));
        packed[0].Should().Be(1);
        using var deflate = new DeflateStream(new MemoryStream(packed[1..]), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        deflate.CopyTo(whole);
        return whole.ToArray();
    }

    private static string Pack(byte[] body)
    {
        using var packed = new MemoryStream();
        packed.WriteByte(1);
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(body);
        }

        return $"#invitation={Base64Url.EncodeToString(packed.ToArray())}";
    }
}
