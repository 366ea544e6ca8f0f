using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Signatures;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Cose;

/// <summary>COSE_Sign1: what verifies, and each way in which a message is none.</summary>
public sealed class CoseSign1Tests
{
    private static readonly TestKey s_p256 = TestKey.Ec("P-256");
    private static readonly TestKey s_p384 = TestKey.Ec("P-384");
    private static readonly byte[] s_payload = [1, 2, 3];
    private static readonly byte[] s_header = CoseBuilder.Header(-35);

    [Fact]
    public void Message_verifies_with_and_without_tag()
    {
        var tagged = CoseBuilder.Sign(s_p384, s_header, s_payload);

        foreach (var bytes in new[] { tagged, tagged[1..] })
        {
            Parse(bytes, out var message).Should().BeTrue();
            message!.Algorithm.Should().Be(CoseAlgorithm.Es384);
            message.Payload.ToArray().Should().Equal(s_payload);
            message.IsSignedBy(Key(s_p384)).Should().BeTrue();
            message.IsSignedBy(Key(TestKey.Ec("P-384"))).Should().BeFalse();
        }
    }

    [Fact]
    public void Es256_and_ps384_verify()
    {
        Parse(CoseBuilder.Sign(s_p256, CoseBuilder.Header(-7), s_payload), out var es256);
        es256!.IsSignedBy(Key(s_p256)).Should().BeTrue();

        var rsa = TestKey.SharedRsa.AsPss384();
        var header = CoseBuilder.Header(-38);
        Parse(CoseBuilder.Message(18, header, CoseBuilder.NoHeader, s_payload, rsa.Sign(CoseBuilder.ToBeSigned(header, s_payload))), out var ps384);
        ps384!.IsSignedBy(Key(rsa)).Should().BeTrue();
        ps384.IsSignedBy(Key(s_p384)).Should().BeFalse();
    }

    [Fact]
    public void Es512_verifies_over_p521_alone()
    {
        var p521 = TestKey.Ec("P-521");
        Parse(CoseBuilder.Sign(p521, CoseBuilder.Header(-36), s_payload), out var message);

        message!.Algorithm.Should().Be(CoseAlgorithm.Es512);
        message.IsSignedBy(Key(p521)).Should().BeTrue();
        message.IsSignedBy(Key(TestKey.Ec("P-521"))).Should().BeFalse();
        Parse(CoseBuilder.Sign(s_p384, CoseBuilder.Header(-36), s_payload), out var other);
        other!.IsSignedBy(Key(s_p384)).Should().BeFalse();
    }

    [Fact]
    public void Key_must_be_of_the_algorithms_curve()
    {
        var header = CoseBuilder.Header(-7);
        Parse(CoseBuilder.Sign(s_p384, header, s_payload), out var message);
        message!.IsSignedBy(Key(s_p384)).Should().BeFalse();
    }

    [Fact]
    public void Algorithm_that_is_unknown_verifies_nothing()
    {
        foreach (var header in new[] { CoseBuilder.NoHeader, CoseBuilder.Header(5), CoseBuilder.Header(-257), CoseBuilder.Map((1L, "ES384")) })
        {
            Parse(CoseBuilder.Sign(s_p384, header, s_payload), out var message).Should().BeTrue();
            message!.Algorithm.Should().Be(CoseAlgorithm.None);
            message.IsSignedBy(Key(s_p384)).Should().BeFalse();
        }
    }

    [Fact]
    public void Changed_bytes_do_not_verify()
    {
        var good = CoseBuilder.Sign(s_p384, s_header, s_payload);
        for (var i = 0; i < good.Length; i++)
        {
            var changed = (byte[])good.Clone();
            changed[i] ^= 1;
            (Parse(changed, out var message) && message!.IsSignedBy(Key(s_p384))).Should().BeFalse($"byte {i} was changed");
        }
    }

    [Fact]
    public void Other_forms_are_refused()
    {
        var good = CoseBuilder.Sign(s_p384, s_header, s_payload);
        var signature = new byte[96];
        Refused([.. good, 0]);
        Refused(good[..^1]);
        Refused([]);
        Refused(new byte[CleanRoom.Attestation.Certificates.Certificate.MaxBytes]);
        Refused(CoseBuilder.Message(CoseBuilder.Mac0, CoseBuilder.Header(5), CoseBuilder.NoHeader, s_payload, signature)).Should().Contain("COSE_Mac0");
        Refused(CoseBuilder.Message(98, s_header, CoseBuilder.NoHeader, s_payload, signature));
        Refused(CoseBuilder.Message(18, [], CoseBuilder.NoHeader, s_payload, signature));
        Refused(CoseBuilder.Message(18, [0x01], CoseBuilder.NoHeader, s_payload, signature));
        Refused(CoseBuilder.Message(18, [.. s_header, 0], CoseBuilder.NoHeader, s_payload, signature));
        Refused(CoseBuilder.Message(18, s_header, [0x01], s_payload, signature));
        Refused(CoseBuilder.Message(18, s_header, CoseBuilder.Header(-35), s_payload, signature));
        Refused(CoseBuilder.Message(18, CoseBuilder.NoHeader, CoseBuilder.Header(-35), s_payload, signature));
        Refused(CoseBuilder.Message(18, CoseBuilder.Map((1L, -35L), ("x", 1L)), CoseBuilder.Map(("x", 1L)), s_payload, signature));
        Refused(CoseBuilder.Message(18, CoseBuilder.Map((1L, -35L), (2L, new object?[] { 1L })), CoseBuilder.NoHeader, s_payload, signature));
    }

    [Fact]
    public void Detached_payload_and_wrong_count_are_refused()
    {
        Refused(Convert.FromHexString("d28443a10126a0f64101"));
        Refused(Convert.FromHexString("d28343a10126a04101"));
        Refused(Convert.FromHexString("d28543a10126a041014101f6"));
        Refused(Convert.FromHexString("d2d28443a10126a041014101"));
    }

    [Fact]
    public void Longer_than_the_limit_is_refused()
    {
        var good = CoseBuilder.Sign(s_p384, s_header, s_payload);
        CoseSign1.Parse(good, good.Length, "message").TryGet(out _, out _).Should().BeTrue();
        CoseSign1.Parse(good, good.Length - 1, "message").TryGet(out _, out _).Should().BeFalse();
    }

    [Fact]
    public void Cose_key_is_read_only_when_public_and_on_the_curve()
    {
        var (x, y) = (s_p384.Point()[..48], s_p384.Point()[48..]);
        CoseKey.Read(CoseBuilder.Map((1L, 2L), (-1L, 2L), (-2L, x), (-3L, y)))!.ToSpki().Should().Equal(s_p384.Spki);
        CoseKey.Read(CoseBuilder.Map((1L, 1L), (-1L, 2L), (-2L, x), (-3L, y))).Should().BeNull("another kind");
        CoseKey.Read(CoseBuilder.Map((1L, 2L), (-1L, 1L), (-2L, x), (-3L, y))).Should().BeNull("another curve");
        CoseKey.Read(CoseBuilder.Map((1L, 2L), (-1L, 9L), (-2L, x), (-3L, y))).Should().BeNull("an unknown curve");
        CoseKey.Read(CoseBuilder.Map((1L, 2L), (-1L, 2L), (-2L, y), (-3L, x))).Should().BeNull("not on the curve");
        CoseKey.Read(CoseBuilder.Map((1L, 2L), (-1L, 2L), (-2L, x), (-3L, true))).Should().BeNull("compressed");
        CoseKey.Read(CoseBuilder.Map((1L, 2L), (-1L, 2L), (-2L, x), (-3L, y), (-4L, x))).Should().BeNull("private");
        CoseKey.Read([1]).Should().BeNull();
    }

    private static bool Parse(byte[] bytes, out CoseSign1? message) => CoseSign1.Parse(bytes, 4_096, "message").TryGet(out message, out _);

    private static string Refused(byte[] bytes)
    {
        CoseSign1.Parse(bytes, 4_096, "message").TryGet(out _, out var failures).Should().BeFalse();
        return failures.Should().ContainSingle(failure => failure.Check == "evidence-format").Which.Got;
    }

    private static VerificationKey Key(TestKey key) => VerificationKey.FromSpki(key.Spki)!;
}
