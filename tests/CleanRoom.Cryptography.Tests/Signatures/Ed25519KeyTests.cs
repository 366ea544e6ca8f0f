using CleanRoom.Cryptography.Signatures;

namespace CleanRoom.Cryptography.Tests.Signatures;

public sealed class Ed25519KeyTests
{
    [Fact]
    public void FromSeed_rfc8032_test_2_gives_key_and_signature()
    {
        // RFC 8032 s.7.1, TEST 2.
        using var seed = SecretBytes.Take(Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        using var key = Ed25519Key.FromSeed(seed);

        Convert.ToHexStringLower(key.PublicKey.Span).Should().Be("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        Convert.ToHexStringLower(key.Sign([0x72])).Should().Be(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    }

    [Fact]
    public void FromSeed_31_bytes_throws()
    {
        using var seed = SecretBytes.Random(31);

        var make = () => Ed25519Key.FromSeed(seed);

        make.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void FromSeed_seed_disposed_afterwards_key_still_signs()
    {
        var seed = SecretBytes.Random(32);
        using var key = Ed25519Key.FromSeed(seed);
        seed.Dispose();

        new SignatureVerifier().VerifyEd25519(key.PublicKey.Span, "x"u8, key.Sign("x"u8)).Should().BeTrue();
    }

    [Fact]
    public void Sign_after_dispose_throws()
    {
        var key = Ed25519Key.Generate();
        key.Dispose();

        var sign = () => key.Sign("x"u8);

        sign.Should().Throw<ObjectDisposedException>();
    }
}
