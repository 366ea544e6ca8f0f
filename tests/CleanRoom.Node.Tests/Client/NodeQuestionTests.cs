using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Tests.Client;

public class NodeQuestionTests
{
    [Fact]
    public async Task Evidence_without_a_contract_says_what_it_does_not_prove()
    {
        var evidence = await AskAsync(await World.MakeAsync());
        evidence.Result.Failures.Should().BeEmpty();
        evidence.Result.Words.Should().Equal(InsecureSimulatedVerifier.Words);
    }

    [Fact]
    public async Task Evidence_over_another_nonce_says_nothing_but_what_failed()
    {
        var world = await World.MakeAsync();
        world.Node.Claims = binding => binding with { Nonce = new Bytes(new byte[32]) };
        var evidence = await AskAsync(world);
        evidence.Result.Verdict.Should().Be(AttestationVerdict.Contraindicated);
        evidence.Result.Failures.Select(failure => failure.Check).Should().Equal("binding.nonce");
        evidence.Result.Words.Should().BeEmpty();
    }

    /// <summary>Without a contract no simulated evidence is accepted: here it goes by another name.</summary>
    private static async Task<NodeEvidence> AskAsync(World world)
    {
        world.Node.Middle = async request =>
        {
            var nonce = new Bytes(Convert.FromHexString(request.RequestUri!.Query["?nonce=".Length..]));
            var attestation = await world.Node.AttestAsync(nonce, BindingPurpose.Admission);
            return new HttpResponseMessage { Content = new ByteArrayContent(DocumentCodec.Encode(attestation with { Tee = RenamedVerifier.Name })) };
        };
        var services = new ClientServices(new BclCryptoBackend(), world.Http, world.Time, [new RenamedVerifier()]);
        return (await NodeQuestion.AskForEvidenceAsync(services, World.Address, World.Cancel)).Value;
    }

    private sealed class RenamedVerifier : IEvidenceVerifier
    {
        public const string Name = "renamed";

        private readonly InsecureSimulatedVerifier _inner = new();

        public string Tee => Name;

        public bool Recognises(ReadOnlySpan<byte> evidence) => _inner.Recognises(evidence);

        public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements) => _inner.Parse(evidence, endorsements);

        public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at) => _inner.Verify(evidence, at);
    }
}
