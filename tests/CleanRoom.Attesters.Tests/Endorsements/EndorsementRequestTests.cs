using CleanRoom.Attesters.Endorsements;

namespace CleanRoom.Attesters.Tests.Endorsements;

public sealed class EndorsementRequestTests
{
    private static readonly AmdTcb _tcb = new(3, 0, 8, 219);

    [Theory]
    [InlineData(AmdProduct.Milan)]
    [InlineData(AmdProduct.Genoa)]
    public void Vcek_of_a_product_without_fmc_names_four_versions(AmdProduct product)
    {
        var request = AmdKds.Vcek(product, Hwid(64), _tcb).Value;

        request.Address.AbsoluteUri.Should().Be(
            $"https://kdsintf.amd.com/vcek/v1/{product}/{string.Concat(Enumerable.Repeat("ab", 64))}?blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=219");
        request.Form.Should().Be(EndorsementForm.Certificate);
    }

    [Fact]
    public void Vcek_of_turin_names_the_fmc_and_eight_bytes()
    {
        AmdKds.Vcek(AmdProduct.Turin, Hwid(8), _tcb with { Fmc = 1 }).Value.Address.AbsoluteUri.Should().Be(
            "https://kdsintf.amd.com/vcek/v1/Turin/abababababababab?fmcSPL=1&blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=219");
    }

    [Theory]
    [InlineData(AmdProduct.Milan, 8, false)]
    [InlineData(AmdProduct.Milan, 64, true)]
    [InlineData(AmdProduct.Turin, 64, true)]
    [InlineData(AmdProduct.Turin, 8, false)]
    public void Vcek_of_another_shape_is_refused(AmdProduct product, int length, bool fmc)
    {
        AmdKds.Vcek(product, Hwid(length), _tcb with { Fmc = fmc ? (byte)1 : null }).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public void Vcek_of_a_masked_chip_is_refused()
    {
        AmdKds.Vcek(AmdProduct.Milan, new byte[64], _tcb).Refusals.Should().ContainSingle().Which.Got.Should().Be("zeros");
    }

    [Fact]
    public void Vcek_lists_all_that_is_wrong()
    {
        AmdKds.Vcek(AmdProduct.Turin, Hwid(3), _tcb).Refusals.Should().HaveCount(2);
    }

    [Fact]
    public void Addresses_are_those_of_the_makers()
    {
        string[] addresses =
        [
            .. new[]
            {
                AmdKds.VcekChain(AmdProduct.Turin), AmdKds.VlekChain(AmdProduct.Genoa), AmdKds.VcekRevocationList(AmdProduct.Milan), AmdKds.VlekRevocationList(AmdProduct.Milan),
                IntelPcs.Intel.TcbInfo(IntelTee.Sgx, [0x00, 0x90, 0x6E, 0xA1, 0x00, 0x00]).Value, IntelPcs.Intel.TcbInfo(IntelTee.Tdx, [0x90, 0xC0, 0x6F, 0, 0, 0]).Value,
                IntelPcs.Intel.QeIdentity(IntelTee.Sgx), IntelPcs.Intel.QeIdentity(IntelTee.Tdx),
                IntelPcs.Intel.PckRevocationList(IntelPckIssuer.Platform), IntelPcs.Azure.PckRevocationList(IntelPckIssuer.Processor),
                IntelPcs.RootRevocationList, AzureThim.AmdCertification,
            }.Select(request => request.Address.AbsoluteUri),
        ];

        addresses.Should().Equal(
            "https://kdsintf.amd.com/vcek/v1/Turin/cert_chain",
            "https://kdsintf.amd.com/vlek/v1/Genoa/cert_chain",
            "https://kdsintf.amd.com/vcek/v1/Milan/crl",
            "https://kdsintf.amd.com/vlek/v1/Milan/crl",
            "https://api.trustedservices.intel.com/sgx/certification/v4/tcb?fmspc=00906EA10000",
            "https://api.trustedservices.intel.com/tdx/certification/v4/tcb?fmspc=90C06F000000",
            "https://api.trustedservices.intel.com/sgx/certification/v4/qe/identity",
            "https://api.trustedservices.intel.com/tdx/certification/v4/qe/identity",
            "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
            "https://global.acccache.azure.net/sgx/certification/v4/pckcrl?ca=processor&encoding=der",
            "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der",
            "http://169.254.169.254/metadata/THIM/amd/certification");
        addresses.Should().OnlyContain(address => EndorsementHosts.Allows(new Uri(address)));
    }

    [Theory]
    [InlineData("http://kdsintf.amd.com/vcek/v1/Milan/crl")]
    [InlineData("https://kdsintf.amd.com:8443/vcek/v1/Milan/crl")]
    [InlineData("https://someone@kdsintf.amd.com/vcek/v1/Milan/crl")]
    [InlineData("https://kdsintf.amd.com.example/vcek/v1/Milan/crl")]
    [InlineData("http://169.254.169.254/metadata/instance")]
    public void Other_addresses_are_not_allowed(string address)
    {
        EndorsementHosts.Allows(new Uri(address)).Should().BeFalse();
    }

    [Fact]
    public void TcbInfo_of_another_length_is_refused()
    {
        IntelPcs.Intel.TcbInfo(IntelTee.Sgx, [1, 2, 3, 4, 5]).IsAccepted.Should().BeFalse();
    }

    private static byte[] Hwid(int length) => [.. Enumerable.Repeat((byte)0xAB, length)];
}
