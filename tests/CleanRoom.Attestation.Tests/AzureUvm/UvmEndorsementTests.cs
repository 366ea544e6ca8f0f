using CleanRoom.Attestation.AzureUvm;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AzureUvm;

/// <summary>Azure's statements about utility VMs: the good one, and each way in which one is wrong.</summary>
public sealed class UvmEndorsementTests
{
    private static readonly UvmMaker s_good = new();

    [Fact]
    public void Genuine_statement_is_verified_after_its_leaf_has_expired()
    {
        UvmEndorsement.Recognises(s_good.Make()).Should().BeTrue();
        UvmEndorsement.Parse(s_good.Make()).TryGet(out var endorsement, out _).Should().BeTrue();
        UvmMaker.Verifier.Verify(endorsement!, UvmMaker.At).TryGet(out var verified, out _).Should().BeTrue();

        Convert.ToHexStringLower(verified!.LaunchMeasurement.Span).Should().Be(new string('a', 96));
        verified.GuestSvn.Should().Be(22);
        verified.Feed.Should().Be("ContainerPlat-AMD-UVM");
        verified.Anchor.Should().Be(Digest.Of(UvmMaker.Root.Key.Spki));
    }

    [Fact]
    public void Headers_of_another_form_are_refused()
    {
        foreach (var header in new object[] { 3L, 33L, 34L, "iss", "feed", "signingtime" })
        {
            Malformed(s_good.Without(header));
            Malformed(s_good.With(header, null));
        }

        Malformed(s_good.With(3L, "text/plain"));
        Malformed(s_good.With(33L, new object?[] { UvmMaker.Leaf }));
        Malformed(s_good.With(33L, new object?[] { UvmMaker.Leaf, new byte[] { 1 } }));
        Malformed(s_good.With(33L, Enumerable.Repeat((object?)UvmMaker.Leaf, 9).ToArray()));
        Malformed(s_good.With(34L, new object?[] { -43L, new byte[32] }));
        Malformed(s_good.With(34L, new object?[] { -16L, new byte[31] }));
        Malformed(s_good.With("signingtime", UvmMaker.SignedAt.ToUnixTimeSeconds()));
        Malformed(s_good.With("signingtime", new Cose.CoseBuilder.Tagged(0, "2026-06-01T00:00:00Z")));
        Malformed(s_good.With("signingtime", new Cose.CoseBuilder.Tagged(1, 253_402_300_800L)));
    }

    [Theory]
    [InlineData("did:x509:0:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA::eku:1.2", true)]
    [InlineData("did:x509:0:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB::eku:1.2", false)]
    [InlineData("did:x509:0:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=::eku:1.2", false)]
    [InlineData("did:x509:0:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA::eku:1.2", false)]
    [InlineData("did:x509:0:sha512:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA::eku:1.2", false)]
    [InlineData("did:x509:1:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA::eku:1.2", false)]
    [InlineData("did:x509:0:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA::subject:CN:x", false)]
    [InlineData("did:x509:0:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA::eku:1.2::eku:1.3", false)]
    [InlineData("did:x509:0:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA::eku:", false)]
    [InlineData("did:x509:0:sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA::eku:1..2", false)]
    [InlineData("did:x509:0:sha256:", false)]
    [InlineData("", false)]
    public void Issuer_is_a_root_and_one_purpose(string text, bool isRight) => (UvmIssuer.Parse(text) is not null).Should().Be(isRight);

    [Fact]
    public void Payloads_of_another_form_are_refused()
    {
        foreach (var payload in new[]
        {
            string.Empty, "[]", "{}", "\"x-ms-sevsnpvm-guestsvn\"", UvmMaker.Json("22", new string('a', 94)), UvmMaker.Json("22", new string('A', 96)),
            UvmMaker.Json("-1", new string('a', 96)), UvmMaker.Json("2147483648", new string('a', 96)), UvmMaker.Json("", new string('a', 96)), UvmMaker.Json("22", new string('g', 96)),
            UvmMaker.Json("22", "\\ud800"), UvmMaker.Json("22", new string('a', 96)) + "x", UvmMaker.Json("22", new string('a', 96)) + new string(' ', 4_096),
            UvmMaker.Json("22", new string('a', 96) + "\", \"x-ms-sevsnpvm-guestsvn\": \"99"),
            UvmMaker.Json("22", new string('a', 96)).Replace("\"22\"", "22", StringComparison.Ordinal),
        })
        {
            Malformed(s_good with { Payload = payload });
        }
    }

    [Fact]
    public void Signature_must_be_made_by_the_leaf_with_ps384()
    {
        Failed(s_good with { Signer = TestKey.Rsa2048().AsPss384() }).Should().Equal("uvm-signature");
        Failed(s_good with { Algorithm = -37L }).Should().Equal("uvm-algorithm", "uvm-signature");
        Failed(s_good with { Signer = TestKey.SharedRsa }).Should().Equal("uvm-signature");
    }

    [Fact]
    public void Chain_must_end_in_the_pinned_root_that_the_issuer_names()
    {
        var decoy = TestAuthority.Root("CN=Supply Chain Root", TestKey.Ec("P-384"));
        var middle = decoy.Intermediate("CN=Products CA", TestKey.Ec("P-384"));
        var leaf = UvmMaker.IssueLeaf(middle, new TestCertificateOptions());
        Failed(s_good.WithLeaf(leaf, middle.Der, decoy.Der).With("iss", UvmMaker.Issuer(decoy.Der, UvmMaker.Purpose))).Should().Equal("uvm-chain");
        Failed(s_good.WithLeaf(leaf, middle.Der, UvmMaker.Root.Der)).Should().Equal("uvm-chain");
        Failed(s_good.With("iss", UvmMaker.Issuer(decoy.Der, UvmMaker.Purpose))).Should().Equal("uvm-issuer");
    }

    [Fact]
    public void Only_the_leaf_for_utility_vms_signs()
    {
        var other = UvmMaker.IssueLeaf(UvmMaker.Middle, new TestCertificateOptions(), "1.3.6.1.4.1.311.76.59.1.3");
        var none = UvmMaker.Middle.Issue("CN=ContainerPlat", UvmMaker.LeafKey.Spki);
        var ca = UvmMaker.IssueLeaf(UvmMaker.Middle, new TestCertificateOptions { IsCa = true });
        foreach (var leaf in new[] { other, none, ca })
        {
            Failed(s_good.WithLeaf(leaf, UvmMaker.Middle.Der)).Should().Equal("uvm-leaf");
        }

        Failed(s_good.With("iss", UvmMaker.Issuer(UvmMaker.Root.Der, "1.3.6.1.4.1.311.76.59.1.3"))).Should().Equal("uvm-purpose");
        Failed(s_good.With(34L, new object?[] { -16L, new byte[32] })).Should().Equal("uvm-thumbprint");
        Failed(s_good.With("feed", "ContainerPlat-AMD-UVM2")).Should().Equal("uvm-feed");
    }

    [Fact]
    public void Certificates_are_judged_at_the_moment_of_signing_which_has_passed()
    {
        var late = UvmMaker.IssueLeaf(UvmMaker.Middle, new TestCertificateOptions { NotBefore = UvmMaker.SignedAt.UtcDateTime.AddSeconds(1) });
        Failed(s_good.WithLeaf(late, UvmMaker.Middle.Der)).Should().Equal("uvm-chain-validity");
        Failed(s_good, Timestamp.From(UvmMaker.SignedAt)).Should().BeEmpty();
        Failed(s_good, Timestamp.From(UvmMaker.SignedAt.AddMilliseconds(-1))).Should().Equal("uvm-signing-time");
    }

    [Fact]
    public void Torn_lengthened_and_changed_statements_are_refused_and_nothing_throws()
    {
        var good = s_good.Make();
        Failed([.. good, 0], UvmMaker.At).Should().Equal("uvm-format");
        for (var i = 0; i < good.Length; i += 17)
        {
            Failed(good.AsSpan(0, i).ToArray(), UvmMaker.At).Should().Equal("uvm-format");
            var changed = (byte[])good.Clone();
            changed[i] ^= 1;
            if (IsSigned(good, i))
            {
                Failed(changed, UvmMaker.At).Should().NotBeEmpty($"byte {i} was changed");
            }
        }
    }

    /// <summary>The unprotected header is signed by nobody: a byte of it may change.</summary>
    private static bool IsSigned(byte[] message, int index)
    {
        var unprotected = message.AsSpan().IndexOf("\x69timestamp"u8);
        return index < unprotected || index > unprotected + "?timestamp??".Length;
    }

    private static void Malformed(UvmMaker maker) => Failed(maker).Should().NotBeEmpty().And.OnlyContain(check => check == "uvm-format");

    private static IEnumerable<string> Failed(UvmMaker maker) => Failed(maker, UvmMaker.At);

    private static IEnumerable<string> Failed(UvmMaker maker, Timestamp at) => Failed(maker.Make(), at);

    private static IEnumerable<string> Failed(byte[] bytes, Timestamp at) =>
        (UvmEndorsement.Parse(bytes).TryGet(out var endorsement, out var failures) ? UvmMaker.Verifier.Verify(endorsement, at).Failures : failures)
        .Select(failure => failure.Check);
}
