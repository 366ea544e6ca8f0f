using CleanRoom.Attesters.Endorsements;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Endorsements;

public sealed class EndorsementBundleTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("bundle");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public void Bundle_holds_each_part_as_it_came_in_order()
    {
        var folder = Folder();

        var names = EndorsementBundle.Write(
            folder,
            [
                Made(AmdKds.VcekChain(AmdProduct.Milan), Answers.Chain),
                Made(IntelPcs.Intel.QeIdentity(IntelTee.Tdx), Answers.TcbInfo) with { IssuerChain = new Bytes(Answers.Chain) },
                Made(IntelPcs.RootRevocationList, Answers.RevocationList(nextUpdate: null)),
            ]).Value;

        names.Should().Equal("00-amd-vcek-chain.pem", "01-intel-tdx-qe-identity.json", "01-intel-tdx-qe-identity-issuers.pem", "02-intel-root-crl.crl");
        folder.GetFiles().Select(file => file.Name).Should().BeEquivalentTo(names);
        File.ReadAllBytes(Path.Combine(folder.FullName, names[1])).Should().Equal(Answers.TcbInfo);
        File.ReadAllBytes(Path.Combine(folder.FullName, names[2])).Should().Equal(Answers.Chain);
    }

    [Fact]
    public void Existing_folder_is_left_as_it_is()
    {
        var folder = Folder();
        folder.Create();

        EndorsementBundle.Write(folder, [Made(IntelPcs.RootRevocationList, [1])]).IsAccepted.Should().BeFalse();

        folder.GetFiles().Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Bundle_of_no_or_too_many_files_is_refused(int count)
    {
        var folder = Folder();

        EndorsementBundle.Write(folder, [.. Enumerable.Repeat(Made(IntelPcs.RootRevocationList, [1]), count)]).IsAccepted.Should().BeFalse();

        folder.Exists.Should().BeFalse();
    }

    private static Endorsement Made(EndorsementRequest request, byte[] content) => new()
    {
        Request = request,
        Content = new Bytes(content),
        IssuerChain = new Bytes([]),
        Fetched = default,
        Expires = default,
    };

    private DirectoryInfo Folder() => new(Path.Combine(_parent.FullName, "new"));
}
