using System.Security.Cryptography;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Certificates;

/// <summary>Endorsements are hostile: no number of them makes a verifier try more signatures than the cap.</summary>
public sealed class EndorsementSetTests
{
    private static readonly TestAuthority s_root = TestAuthority.Root("CN=Root", TestKey.Ec("P-256"));

    [Fact]
    public void Certificates_and_lists_beyond_the_cap_are_not_looked_at()
    {
        Bytes[] certificates = [.. Enumerable.Repeat(new Bytes(s_root.Der), EndorsementSet.MaxEach + 1)];
        Bytes[] lists = [.. Enumerable.Repeat(new Bytes(s_root.RevocationList([])), EndorsementSet.MaxEach + 1)];

        EndorsementSet.Of(certificates).Certificates.Should().HaveCount(EndorsementSet.MaxEach);
        EndorsementSet.Of(lists).RevocationLists.Should().HaveCount(EndorsementSet.MaxEach);
    }

    [Fact]
    public void What_comes_after_the_cap_is_not_even_read()
    {
        // Each block looks like a certificate and is none: reading it costs as much as reading a good one.
        var junk = new Bytes(Ascii(string.Concat(Enumerable.Repeat(PemEncoding.WriteString(Pem.CertificateLabel, [0x30, 0x01, 0x00]) + '\n', 32))));
        Bytes good = new(s_root.Der);

        EndorsementSet.Of([junk, good]).Certificates.Should().ContainSingle();
        var full = EndorsementSet.Of([junk, junk, good]);
        full.Certificates.Should().BeEmpty();
        full.Others.Should().Equal([good], "what was not read is not passed over in silence");
    }

    [Fact]
    public void Long_block_of_pem_is_not_decoded()
    {
        byte[] fits = new byte[Certificate.MaxBytes];
        byte[] isLonger = new byte[Certificate.MaxBytes + 1];

        Pem.Read(Ascii(PemEncoding.WriteString(Pem.CertificateLabel, fits)), Pem.CertificateLabel).Should().ContainSingle();
        Pem.Read(Ascii(PemEncoding.WriteString(Pem.CertificateLabel, isLonger)), Pem.CertificateLabel).Should().BeEmpty();
        Pem.Read(Ascii(PemEncoding.WriteString(Pem.RevocationListLabel, isLonger)), Pem.RevocationListLabel).Should().ContainSingle();
    }

    [Fact]
    public void Long_text_is_not_read_as_pem()
    {
        var block = PemEncoding.WriteString(Pem.CertificateLabel, [0x30, 0x00]);

        Pem.Read(Ascii(block.PadRight(1024 * 1024, '\n')), Pem.CertificateLabel).Should().ContainSingle();
        Pem.Read(Ascii(block.PadRight((1024 * 1024) + 1, '\n')), Pem.CertificateLabel).Should().BeEmpty();
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
