using CleanRoom.Attesters.Endorsements;
using CleanRoom.TestKit;

namespace CleanRoom.Attesters.Tests.Endorsements;

/// <summary>The form check takes what Intel really published. Skipped where the shared collection is absent.</summary>
public sealed class GenuineCollateralTests
{
    [Theory]
    [InlineData("0825_sgx_tcbinfov3_00606a000000.json")]
    [InlineData("0825_sgx_qeidentity_v4.json")]
    [InlineData("1025_tcb_info.json")]
    [InlineData("1025_identity.json")]
    [InlineData("0625_qe_td.json")]
    public void Collateral_has_a_next_update(string name)
    {
        EndorsementAnswer.Read(IntelPcs.Intel.QeIdentity(IntelTee.Sgx), Read(name))!.NextUpdate.Should().BeAfter(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public void Revocation_list_has_a_next_update()
    {
        EndorsementAnswer.Read(IntelPcs.RootRevocationList, Read("intel_root_ca_crl.der"))!.NextUpdate.Should().BeAfter(DateTimeOffset.UnixEpoch);
    }

    private static byte[] Read(string name)
    {
        var folder = RepositoryFiles.Shared("vectors", "attestation", "intel-collateral", "automata");
        Assert.SkipWhen(folder is null, "the genuine attestation vectors are not beside the repository (shared/vectors/attestation)");
        return File.ReadAllBytes(Path.Combine(folder!, name));
    }
}
