using System.Text.Json.Nodes;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Portal.Browser;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.TestKit;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Browser;

/// <summary>The portal's cryptography in a real Chromium gives what the class library gives, and the published vectors say.</summary>
[Collection(BrowserTests.Name)]
public sealed class WebCryptoBackendTests(Chromium chromium) : IAsyncLifetime
{
    private static readonly byte[] _data = "what is signed"u8.ToArray();

    private readonly BclCryptoBackend _bcl = new();
    private readonly SignatureVerifier _verifier = new();
    private IBrowserContext? _profile;
    private IPage? _page;
    private WebCryptoBackend? _web;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WebCryptoBackend Web => _web!;

    public async ValueTask InitializeAsync()
    {
        _profile = await chromium.ProfileAsync();
        _page = await _profile.NewPageAsync();

        // The module alone is wanted here: this file has the portal's origin, and no program.
        await _page.GotoAsync(new Uri(chromium.Portal.Address, "css/portal.css").AbsoluteUri);
        _web = new WebCryptoBackend(await PageRuntime.LoadAsync(_page));
    }

    public async ValueTask DisposeAsync()
    {
        if (_profile is not null)
        {
            await _profile.DisposeAsync();
        }
    }

    [Fact]
    public async Task AesGcm_wycheproof_agrees()
    {
        var count = 0;
        foreach (var (group, test) in Cases("wycheproof/aes_gcm_test.json"))
        {
            if (group["ivSize"]!.GetValue<int>() != 96 || group["keySize"]!.GetValue<int>() != 256)
            {
                continue;
            }

            count++;
            using var key = SecretBytes.CopyOf(Hex(test["key"]));
            byte[] sealedBytes = [.. Hex(test["ct"]), .. Hex(test["tag"])];
            var plaintext = Enumerable.Repeat((byte)7, Hex(test["ct"]).Length).ToArray();
            var isOpen = await Web.AesGcmOpenAsync(key, Hex(test["iv"]), Hex(test["aad"]), sealedBytes, plaintext, Cancel);
            isOpen.Should().Be(test["result"]!.GetValue<string>() == "valid", "case {0}", test["tcId"]);
            plaintext.Should().Equal(isOpen ? Hex(test["msg"]) : new byte[plaintext.Length]);
            if (isOpen)
            {
                var again = new byte[sealedBytes.Length];
                await Web.AesGcmSealAsync(key, Hex(test["iv"]), Hex(test["aad"]), plaintext, again, Cancel);
                again.Should().Equal(sealedBytes);
            }
        }

        count.Should().BeGreaterThan(50);
    }

    [Fact]
    public async Task DeriveSharedSecret_wycheproof_agrees()
    {
        var count = 0;
        foreach (var (_, test) in Cases("wycheproof/ecdh_secp256r1_ecpoint_test.json").Where(pair => pair.Test["result"]!.GetValue<string>() != "acceptable"))
        {
            count++;
            var digits = Hex(test["private"]).AsSpan().TrimStart((byte)0);
            using var scalar = SecretBytes.CopyOf([.. new byte[32 - digits.Length], .. digits]);
            var isRight = false;
            if (P256PublicKey.IsValid(Hex(test["public"])))
            {
                using var key = await Web.ImportAgreementKeyAsync(scalar, Cancel);
                using var shared = await key.DeriveSharedSecretAsync(Hex(test["public"]), Cancel);
                isRight = shared.FixedTimeEquals(Hex(test["shared"]));
            }

            isRight.Should().Be(test["result"]!.GetValue<string>() == "valid", "case {0}", test["tcId"]);
        }

        count.Should().BeGreaterThan(300);
    }

    [Fact]
    public async Task Hpke_rfc9180_every_message_is_opened()
    {
        var vector = Rfc9180();
        using var scalar = SecretBytes.CopyOf(Hex(vector["skRm"]));
        using var key = await Web.ImportAgreementKeyAsync(scalar, Cancel);
        key.PublicKey.ToArray().Should().Equal(Hex(vector["pkRm"]));
        using var recipient = (await HpkeRecipient.SetupAsync(Web, key, new Bytes(Hex(vector["enc"])), Hex(vector["info"]), Cancel)).Value;
        foreach (var message in vector["encryptions"]!.AsArray())
        {
            var opened = await recipient.OpenAsync(Hex(message!["aad"]), Hex(message["ct"]), Cancel);
            opened.Value.Should().Equal(Hex(message["pt"]));
        }
    }

    [Fact]
    public async Task Hpke_what_one_side_seals_the_other_opens()
    {
        byte[] info = [1, 2], aad = [3];
        using var here = await _bcl.GenerateAgreementKeyAsync(Cancel);
        using var there = await Web.GenerateAgreementKeyAsync(Cancel);

        var toHere = (await Hpke.SealAsync(Web, here.PublicKey, info, aad, _data, Cancel)).Value;
        (await Hpke.OpenAsync(_bcl, here, toHere.Enc, info, aad, toHere.Ciphertext.Memory, Cancel)).Value.Should().Equal(_data);
        var toThere = (await Hpke.SealAsync(_bcl, there.PublicKey, info, aad, _data, Cancel)).Value;
        (await Hpke.OpenAsync(Web, there, toThere.Enc, info, aad, toThere.Ciphertext.Memory, Cancel)).Value.Should().Equal(_data);
    }

    [Fact]
    public async Task Signatures_of_made_and_imported_keys_verify()
    {
        using var secrets = MemberSecrets.Generate();
        using var made = await Web.GenerateSigningKeyAsync(Cancel);
        using var imported = await Web.ImportSigningKeyAsync(secrets.Sign, Cancel);
        using var madeWitness = await Web.GenerateAsync(WebCryptoBackend.Witness, Cancel);
        using var importedWitness = await Web.ImportWitnessAsync(secrets.Witness, Cancel);
        using var expected = Ed25519Key.FromSeed(secrets.Witness);

        imported.PublicKey.Should().Be(P256PublicKey.Of(secrets.Sign));
        importedWitness.PublicKey.Should().Be(expected.PublicKey);
        foreach (var key in new[] { made, imported })
        {
            var signature = await key.SignEs256Async(_data, Cancel);
            _verifier.VerifyEs256(key.PublicKey.Span, _data, signature).Should().BeTrue();
            _verifier.VerifyEs256(key.PublicKey.Span, "another"u8, signature).Should().BeFalse();
        }

        (await importedWitness.SignEd25519Async(_data, Cancel)).Should().Equal(expected.Sign(_data), "Ed25519 has one signature for a key and a text");
        var witnessed = await madeWitness.SignEd25519Async(_data, Cancel);
        _verifier.VerifyEd25519(madeWitness.PublicKey.Span, _data, witnessed).Should().BeTrue();
    }

    [Fact]
    public async Task Private_keys_cannot_be_taken_out_and_what_a_call_was_handed_is_zeroed()
    {
        using var secrets = MemberSecrets.Generate();
        using var made = await Web.GenerateAsync(WebCryptoBackend.Sign, Cancel);
        using var imported = await Web.ImportP256Async(WebCryptoBackend.Receive, secrets.Receive, Cancel);
        (await _page!.EvaluateAsync<bool[]>("() => window.left.importKey")).Should().Equal([true, false], "scalar, public point");
        (await _page!.EvaluateAsync<bool>("() => window.held.length >= 2 && window.held.every(one => !one.key.extractable)")).Should().BeTrue();
        (await _page!.EvaluateAsync<string>("() => crypto.subtle.exportKey('pkcs8', window.held[0].key).then(() => 'exported', error => error.name)"))
            .Should().Be("InvalidAccessError");

        using var key = SecretBytes.Random(32);
        await Web.AesGcmSealAsync(key, new byte[12], _data, _data, new byte[_data.Length + 16], Cancel);
        (await _page!.EvaluateAsync<bool[]>("() => window.left.seal")).Should().Equal([true, true, false, true], "key, nonce (which is zero), associated data, plaintext");
    }

    [Fact]
    public async Task What_is_no_key_or_of_another_length_throws()
    {
        using var zero = SecretBytes.CopyOf(new byte[32]);
        using var key = SecretBytes.Random(32);
        using var agreement = await Web.GenerateAgreementKeyAsync(Cancel);
        var beside = agreement.PublicKey.ToArray();
        beside[64] ^= 1;

        await FluentActions.Awaiting(() => Web.ImportSigningKeyAsync(zero, Cancel).AsTask()).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Web.AesGcmSealAsync(key, new byte[12], default, new byte[5], new byte[5], Cancel).AsTask()).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Web.AesGcmSealAsync(key, new byte[11], default, new byte[5], new byte[21], Cancel).AsTask()).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => agreement.DeriveSharedSecretAsync(beside, Cancel).AsTask()).Should().ThrowAsync<ArgumentException>();
    }

    private static byte[] Hex(JsonNode? node) => Convert.FromHexString(node!.GetValue<string>());

    private static JsonNode Rfc9180() => Shared("hpke/rfc9180-p256-sha256-aesgcm.json").AsArray()
        .Single(vector => vector!["mode"]!.GetValue<int>() == 0 && vector["aead_id"]!.GetValue<int>() == 2)!;

    private static JsonNode Shared(string name)
    {
        var folder = RepositoryFiles.Shared("vectors");
        Assert.SkipWhen(folder is null, "the published vectors (shared/vectors beside the checkout) are not there");
        return JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "crypto", name)))!;
    }

    private static IEnumerable<(JsonNode Group, JsonNode Test)> Cases(string name) =>
        Shared(name)["testGroups"]!.AsArray().SelectMany(group => group!["tests"]!.AsArray().Select(test => (group!, test!)));
}
