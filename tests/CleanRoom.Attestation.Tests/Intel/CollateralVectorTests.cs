using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>Genuine collateral is read and its signature verifies; collateral that lacks something is not read at all.</summary>
public sealed class CollateralVectorTests
{
    private const string Automata = "intel-collateral/automata";
    private const string Negative = "open-enclave/collateral-negative";

    [Fact]
    public void Genuine_collateral_is_signed_by_the_tcb_signing_certificate()
    {
        var signer = Certificate.Parse(SharedVectors.Read($"{Automata}/signing.der"))!;

        foreach (var file in Files(Automata, "*.json").Where(file => !file.Contains("tcbeval", StringComparison.Ordinal)))
        {
            var json = File.ReadAllBytes(file);
            var document = TcbInfo.Parse(json)?.Document ?? QeIdentity.Parse(json)?.Document;
            document.Should().NotBeNull(file);
            document!.IsSignedBy(signer.Key).Should().BeTrue(file);
        }
    }

    [Fact]
    public void Evaluation_numbers_are_no_collateral_of_a_platform()
    {
        foreach (var file in Files(Automata, "*tcbeval.json"))
        {
            IsRead(file).Should().BeFalse(file);
        }
    }

    [Fact]
    public void Identity_that_lacks_a_member_is_not_read()
    {
        foreach (var file in Files($"{Negative}/qe_identity_v2", "qe_identity_missing_*.json"))
        {
            IsRead(file).Should().BeFalse(file);
        }
    }

    [Fact]
    public void Tcb_info_of_version_2_is_not_read()
    {
        foreach (var file in Files($"{Negative}/tcbinfo_v2", "*.json"))
        {
            IsRead(file).Should().BeFalse(file);
        }
    }

    private static bool IsRead(string file)
    {
        var json = File.ReadAllBytes(file);
        return TcbInfo.Parse(json) is not null || QeIdentity.Parse(json) is not null;
    }

    private static string[] Files(string folder, string pattern)
    {
        var files = Directory.GetFiles(Path.Combine(SharedVectors.Require(), folder), pattern);
        files.Should().NotBeEmpty();
        return files;
    }
}
