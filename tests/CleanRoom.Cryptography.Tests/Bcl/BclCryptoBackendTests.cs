using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.Tests.Support;

namespace CleanRoom.Cryptography.Tests.Bcl;

public sealed class BclCryptoBackendTests
{
    [Fact]
    public async Task AesGcm_wycheproof_agrees()
    {
        var file = Vectors.Shared("wycheproof/aes_gcm_test.json");

        var count = await Wycheproof.RunAsync(file, OpensAndSealsAlikeAsync, group => group["ivSize"].Int() == 96 && group["keySize"].Int() == 256);

        count.Should().BeGreaterThan(50);

        static async ValueTask<bool> OpensAndSealsAlikeAsync(System.Text.Json.Nodes.JsonNode group, System.Text.Json.Nodes.JsonNode test)
        {
            using var key = test["key"].Secret();
            byte[] ciphertext = [.. test["ct"].Hex(), .. test["tag"].Hex()];
            var plaintext = new byte[test["ct"].Hex().Length];
            var opened = await TestKeys.Backend.AesGcmOpenAsync(
                key, test["iv"].Hex(), test["aad"].Hex(), ciphertext, plaintext, TestKeys.Cancel);
            if (!opened)
            {
                return false;
            }

            var again = new byte[ciphertext.Length];
            await TestKeys.Backend.AesGcmSealAsync(key, test["iv"].Hex(), test["aad"].Hex(), plaintext, again, TestKeys.Cancel);
            return plaintext.AsSpan().SequenceEqual(test["msg"].Hex()) && again.AsSpan().SequenceEqual(ciphertext);
        }
    }

    [Fact]
    public async Task DeriveSharedSecret_wycheproof_agrees()
    {
        var file = Vectors.Shared("wycheproof/ecdh_secp256r1_ecpoint_test.json");

        var count = await Wycheproof.RunAsync(file, async (_, test) =>
        {
            var scalar = test["private"].Hex().AsSpan().TrimStart((byte)0);
            using var key = await TestKeys.AgreementAsync([.. new byte[32 - scalar.Length], .. scalar]);
            var peer = test["public"].Hex();
            if (!P256PublicKey.IsValid(peer))
            {
                return false;
            }

            using var shared = await key.DeriveSharedSecretAsync(peer, TestKeys.Cancel);
            return shared.FixedTimeEquals(test["shared"].Hex());
        });

        count.Should().Be(330 + 24);
    }

    [Fact]
    public async Task DeriveSharedSecret_point_beside_the_curve_throws()
    {
        using var key = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        var peer = key.PublicKey.ToArray();
        peer[64] ^= 1;

        var derive = async () => await key.DeriveSharedSecretAsync(peer, TestKeys.Cancel);

        await derive.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Hkdf_wycheproof_agrees()
    {
        var file = Vectors.Shared("wycheproof/hkdf_sha256_test.json");

        var count = await Wycheproof.RunAsync(file, (_, test) =>
        {
            try
            {
                using var output = SecretKdf.Derive(test["ikm"].Hex(), test["salt"].Hex(), test["info"].Hex(), test["size"].Int());
                return ValueTask.FromResult(output.FixedTimeEquals(test["okm"].Hex()));
            }
            catch (ArgumentOutOfRangeException)
            {
                return ValueTask.FromResult(false);
            }
        });

        count.Should().Be(83 + 3);
    }

    [Fact]
    public async Task AesGcmOpen_wrong_tag_leaves_no_plaintext()
    {
        using var key = SecretBytes.Random(32);
        var ciphertext = new byte[100 + 16];
        await TestKeys.Backend.AesGcmSealAsync(key, new byte[12], default, new byte[100], ciphertext, TestKeys.Cancel);
        ciphertext[^1] ^= 1;
        byte[] plaintext = [.. Enumerable.Repeat((byte)7, 100)];

        var opened = await TestKeys.Backend.AesGcmOpenAsync(key, new byte[12], default, ciphertext, plaintext, TestKeys.Cancel);

        opened.Should().BeFalse();
        plaintext.Should().OnlyContain(b => b == 0);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public async Task AesGcmSeal_key_of_another_size_throws(int bytes)
    {
        using var key = SecretBytes.Random(bytes);

        var seal = async () => await TestKeys.Backend.AesGcmSealAsync(key, new byte[12], default, new byte[1], new byte[17], TestKeys.Cancel);

        await seal.Should().ThrowAsync<ArgumentException>();
    }

    [Theory]
    [InlineData(16)]
    [InlineData(18)]
    public async Task AesGcmSeal_output_of_another_size_throws(int bytes)
    {
        using var key = SecretBytes.Random(32);

        var seal = async () => await TestKeys.Backend.AesGcmSealAsync(key, new byte[12], default, new byte[1], new byte[bytes], TestKeys.Cancel);

        await seal.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task ImportSigningKey_scalar_of_zero_throws()
    {
        using var zero = SecretBytes.CopyOf(new byte[32]);

        var import = async () => await TestKeys.Backend.ImportSigningKeyAsync(zero, TestKeys.Cancel);

        await import.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Keys_say_nothing_of_themselves()
    {
        using var sign = await TestKeys.Backend.GenerateSigningKeyAsync(TestKeys.Cancel);
        using var agree = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);

        $"{sign} {agree}".Should().Be("[redacted] [redacted]");
    }
}
