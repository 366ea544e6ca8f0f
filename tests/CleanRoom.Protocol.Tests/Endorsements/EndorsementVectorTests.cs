using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Endorsements;

/// <summary>The committed documents hold by the rules of contracts/spec/0025.</summary>
public sealed class EndorsementVectorTests
{
    [Fact]
    public void Worked_admission_holds_the_worked_endorsement_with_the_signatures_of_all()
    {
        var contract = Read<Contract>("contract");
        var admission = Read<CodeAdmission>("code-admission");

        var verified = EndorsementVerifier.Verify(admission.Endorsement.Span, admission.Collaboration, contract, TestRoom.Services.Signatures);

        verified.Refusals.Should().BeEmpty();
        verified.Value.Digest.Should().Be(DocumentCodec.DigestOf(Read<CodeEndorsement>("code-endorsement")));
        verified.Value.Measurement.Should().Be("00fe");
    }

    private static T Read<T>(string name)
        where T : Document => DocumentCodec.Parse<T>(File.ReadAllBytes(RepositoryFiles.Committed("contracts", "vectors", "documents", $"{name}.json"))).Value;
}
