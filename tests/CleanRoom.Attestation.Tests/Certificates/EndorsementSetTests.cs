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
}
