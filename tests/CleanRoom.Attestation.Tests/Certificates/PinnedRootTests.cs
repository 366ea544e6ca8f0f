using CleanRoom.Attestation.Certificates;

namespace CleanRoom.Attestation.Tests.Certificates;

/// <summary>The roots that are pinned in the program are the makers': compared with the published keys.</summary>
public sealed class PinnedRootTests
{
    [Theory]
    [InlineData("amd-ark-genoa", "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831")]
    [InlineData("amd-ark-milan", "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9")]
    [InlineData("amd-ark-turin", "4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08")]
    [InlineData("aws-nitro-root-g1", "f2caf5ecc6190b4a8399b78bc58a2bbcd0382375db8a1bfd78a82743874fd225")]
    [InlineData("google-android-root-ec", "3ee44512a1af2beb39c889490c60ea3f82e43f5d5a5532f5ab9419f676cd07ec")]
    [InlineData("google-android-root-rsa", "feb2ea7551ee316ed4bb443c8293b884dbfdea40b603ee3e4f4a897e4580fbae")]
    [InlineData("google-confidential-space-root", "40b464f4d4ff947572c6b23869a7bccae3f69ba9c81ade6c09d035e4657e40c4")]
    [InlineData("google-ek-ak-root", "56a613f57126a385dd6949294e93b0b566f96ab0573be0c2368e6f5ca779831f")]
    [InlineData("google-tpm-ek-root", "f23057f4f97d1d90e4cae0ce91d5a0fc99069f0a1bc147021dca33b1e9c4d0d9")]
    [InlineData("intel-sgx-root", "a0af031289f5d5d4132f9186068a7fc13628633ba235777472e29b6b6c67a49e")]
    [InlineData("microsoft-supply-chain-root", "84ce862a73b73d63b1cdbde1d30559eaab4040f6a63638c83e8357fe2250e5d3")]
    public void Root_has_the_published_key(string file, string spki) =>
        TrustAnchor.Pinned(file).Should().ContainSingle().Which.SpkiDigest.ToString().Should().Contain(spki);

    [Fact]
    public void Every_root_of_the_program_is_one_of_these_and_signed_by_its_own_key()
    {
        var program = typeof(TrustAnchor).Assembly;
        var files = program.GetManifestResourceNames().Where(name => name.StartsWith("Roots.", StringComparison.Ordinal)).Select(name => name["Roots.".Length..^".pem".Length]).ToList();
        var compared = GetType().GetMethod(nameof(Root_has_the_published_key))!.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false)
            .Cast<InlineDataAttribute>().Select(data => (string)data.Data[0]!);

        files.Should().BeEquivalentTo(compared);
        files.SelectMany(file => TrustAnchor.Pinned(file)).Should().AllSatisfy(root => root.Certificate.IsSignedBy(root.Certificate.Key).Should().BeTrue(root.Name));
    }
}
