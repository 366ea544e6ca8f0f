using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Cryptography.Tests.Support;

namespace CleanRoom.Cryptography.Tests.Signatures;

public sealed class SignatureVerifierTests
{
    private readonly SignatureVerifier _verifier = new();

    [Fact]
    public async Task VerifyEs256_wycheproof_agrees()
    {
        var file = Vectors.Shared("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json");

        var count = await Wycheproof.RunAsync(file, (group, test) => ValueTask.FromResult(
            _verifier.VerifyEs256(group["publicKey"]!["uncompressed"].Hex(), test["msg"].Hex(), test["sig"].Hex())));

        count.Should().Be(173 + 89);
    }

    [Fact]
    public async Task VerifyEd25519_wycheproof_agrees()
    {
        var file = Vectors.Shared("wycheproof/ed25519_test.json");

        var count = await Wycheproof.RunAsync(file, (group, test) => ValueTask.FromResult(
            _verifier.VerifyEd25519(group["publicKey"]!["pk"].Hex(), test["msg"].Hex(), test["sig"].Hex())));

        count.Should().Be(88 + 63);
    }

    [Fact]
    public void VerifyEs256_rfc6979_signature_with_a_rejected_first_nonce_holds()
    {
        var vector = Vectors.Shared("ecdsa/rfc6979-p256-rejection.json");
        byte[] publicKey = [0x04, .. vector["publicXHex"].Hex(), .. vector["publicYHex"].Hex()];
        byte[] signature = [.. vector["rHex"].Hex(), .. vector["sHex"].Hex()];

        _verifier.VerifyEs256(publicKey, System.Text.Encoding.UTF8.GetBytes(vector["messageUtf8"].Text()), signature).Should().BeTrue();
    }

    [Fact]
    public async Task VerifyEs256_own_signature_holds_for_its_data_and_key_only()
    {
        using var key = await TestKeys.Backend.GenerateSigningKeyAsync(TestKeys.Cancel);
        using var other = await TestKeys.Backend.GenerateSigningKeyAsync(TestKeys.Cancel);
        var signature = await key.SignEs256Async("data"u8.ToArray(), TestKeys.Cancel);

        signature.Length.Should().Be(64);
        _verifier.VerifyEs256(key.PublicKey.Span, "data"u8, signature).Should().BeTrue();
        _verifier.VerifyEs256(key.PublicKey.Span, "date"u8, signature).Should().BeFalse();
        _verifier.VerifyEs256(other.PublicKey.Span, "data"u8, signature).Should().BeFalse();
    }

    [Fact]
    public async Task VerifyEs256_other_encodings_of_key_and_signature_are_refused()
    {
        using var key = await TestKeys.Backend.GenerateSigningKeyAsync(TestKeys.Cancel);
        var signature = await key.SignEs256Async("data"u8.ToArray(), TestKeys.Cancel);
        var publicKey = key.PublicKey.ToArray();
        byte[] compressed = [(byte)(2 + (publicKey[64] & 1)), .. publicKey[1..33]];

        _verifier.VerifyEs256(compressed, "data"u8, signature).Should().BeFalse();
        _verifier.VerifyEs256([.. publicKey, 0], "data"u8, signature).Should().BeFalse();
        _verifier.VerifyEs256([], "data"u8, signature).Should().BeFalse();
        _verifier.VerifyEs256(publicKey, "data"u8, [.. signature, 0]).Should().BeFalse();
        _verifier.VerifyEs256(publicKey, "data"u8, signature.AsSpan(0, 63)).Should().BeFalse();
        _verifier.VerifyEs256(publicKey, "data"u8, new byte[64]).Should().BeFalse();
    }

    [Fact]
    public void VerifyEd25519_wrong_lengths_are_refused()
    {
        using var key = Ed25519Key.Generate();
        var signature = key.Sign("data"u8);

        _verifier.VerifyEd25519(key.PublicKey.Span, "data"u8, signature).Should().BeTrue();
        _verifier.VerifyEd25519(key.PublicKey.Span, "date"u8, signature).Should().BeFalse();
        _verifier.VerifyEd25519(key.PublicKey.Span[1..], "data"u8, signature).Should().BeFalse();
        _verifier.VerifyEd25519(key.PublicKey.Span, "data"u8, [.. signature, 0]).Should().BeFalse();
        _verifier.VerifyEd25519(key.PublicKey.Span, "data"u8, []).Should().BeFalse();
    }

    [Fact]
    public void VerifyEs256_point_beside_the_curve_is_refused()
    {
        using var secret = P256PrivateKey.Generate();
        var publicKey = P256PublicKey.Of(secret).ToArray();
        publicKey[64] ^= 1;

        _verifier.VerifyEs256(publicKey, "data"u8, [.. Enumerable.Repeat((byte)1, 64)]).Should().BeFalse();
    }
}
