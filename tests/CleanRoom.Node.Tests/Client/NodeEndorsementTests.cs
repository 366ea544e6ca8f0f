using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Rooms;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Client;

/// <summary>A client before a node whose code its contract does not name: what the host shows counts by the signatures alone. Spec: contracts/spec/0025 s.6.</summary>
public class NodeEndorsementTests
{
    [Fact]
    public async Task Endorsed_node_is_opened_and_said_not_to_be_named_in_the_contract()
    {
        var world = await ActiveAsync();
        await EndorseAsync(world);
        await UpgradeAsync(world);

        var client = (await world.OpenAsync(world.Laboratory)).Value;

        client.Node.EndorsedInWords.Should().StartWith(
            $"code endorsed by {TestEndorsements.Builder.Id.Abbreviated} and {TestEndorsements.Reviewer.Id.Abbreviated} on 2026-06-01").And.Contain("not named in the contract itself");
        client.Node.Node.Value.Measurement.Should().Be(TestEndorsements.Later.Machine.ToReferenceTuple().Values["measurement"]);
    }

    [Fact]
    public async Task Node_of_code_that_nobody_endorsed_is_refused()
    {
        var world = await ActiveAsync();
        await UpgradeAsync(world);

        (await CodesAsync(world)).Should().Contain(RefusalCode.EvidenceNotAccepted);
        world.Node.Requests.Should().Contain(request => request.Contains(ApiRoutes.CodeEndorsements, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Node_of_code_that_the_contract_names_is_not_asked_for_endorsements()
    {
        var world = await ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;

        client.Node.EndorsedInWords.Should().BeNull();
        world.Node.Requests.Should().NotContain(request => request.Contains(ApiRoutes.CodeEndorsements, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Endorsement_that_one_endorser_has_not_signed_counts_for_nothing_and_the_report_says_why()
    {
        var world = await ActiveAsync();
        var endorsement = EndorsementOf(world);
        await UpgradeAsync(world);
        world.Node.Shows = [Encoded(endorsement.By(TestEndorsements.Builder))];

        var answer = await AskAsync(world);

        answer.Node.IsAccepted.Should().BeFalse();
        answer.Result.Verdict.Should().Be(AttestationVerdict.Contraindicated);
        answer.Result.Failures.Should().Contain(failure => failure.Check == "code-endorsement" && failure.Code == RefusalCode.SignatureMissing);
    }

    [Fact]
    public async Task Endorsement_of_another_collaboration_contract_or_signer_counts_for_nothing()
    {
        var world = await ActiveAsync();
        var endorsement = EndorsementOf(world);
        await UpgradeAsync(world);
        Envelope[] others =
        [
            (endorsement with { Collaboration = Digest.Of("other"u8).ToString() }).ByBoth(),
            (endorsement with { ContractDigest = Digest.Of("other"u8) }).ByBoth(),
            endorsement.By(Es256TestKey.Named("a stranger"), TestEndorsements.Reviewer),
        ];
        foreach (var other in others)
        {
            world.Node.Shows = [Encoded(other)];
            (await AskAsync(world)).Node.IsAccepted.Should().BeFalse();
        }

        world.Node.Shows = [.. Enumerable.Repeat(Encoded(endorsement.ByBoth()), 17)];
        (await AskAsync(world)).Node.IsAccepted.Should().BeFalse("more than a room can have");
        world.Node.Shows = [Encoded(endorsement.ByBoth())];
        (await AskAsync(world)).Node.IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task Endorsement_counts_by_the_clients_own_clock()
    {
        var world = await ActiveAsync();
        await EndorseAsync(world);
        var shown = world.Room.Log!.State.StandingEndorsements(world.Room.Now).Select(one => one.Encoded).ToImmutableArray();
        await UpgradeAsync(world);
        world.Time.Advance(TimeSpan.FromDays(30));
        world.Node.Shows = shown;

        var answer = await AskAsync(world);

        answer.Node.IsAccepted.Should().BeFalse();
        answer.Result.Failures.Should().Contain(failure => failure.Check == "code-endorsement" && failure.Wanted.StartsWith("a code endorsement in force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Endorsement_that_no_member_has_brought_opens_no_room()
    {
        var world = await ActiveAsync();
        var endorsement = EndorsementOf(world);
        await UpgradeAsync(world);
        world.Node.Shows = [Encoded(endorsement.ByBoth())];

        (await AskAsync(world)).Node.IsAccepted.Should().BeTrue("all that can be seen before the ledger holds");
        (await CodesAsync(world)).Should().Contain(RefusalCode.EvidenceNotAccepted, "the ledger has no such endorsement");
    }

    [Fact]
    public async Task Code_that_one_owner_revoked_is_refused_though_the_host_still_shows_its_endorsement()
    {
        var world = await ActiveAsync();
        await EndorseAsync(world);
        var shown = world.Room.Log!.State.StandingEndorsements(world.Room.Now).Select(one => one.Encoded).ToImmutableArray();
        var laboratory = (await world.OpenAsync(world.Laboratory)).Value;
        var measurement = TestEndorsements.Later.Machine.ToReferenceTuple().Values["measurement"];
        (await new RoomContracts(laboratory).RevokeMeasurementAsync(measurement, "a hole", World.Cancel)).IsAccepted.Should().BeTrue();
        await UpgradeAsync(world);
        world.Node.Shows = shown;

        (await CodesAsync(world)).Should().NotBeEmpty();
    }

    [Fact]
    public async Task Client_that_is_open_goes_on_no_further_when_the_endorsement_ends()
    {
        var world = await ActiveAsync();
        await EndorseAsync(world);
        await UpgradeAsync(world);
        var client = (await world.OpenAsync(world.Registry)).Value;

        world.Time.Advance(TimeSpan.FromDays(29));
        (await client.RefreshAsync(World.Cancel)).Refusals.Should().BeEmpty();
        world.Time.Advance(TimeSpan.FromDays(1));
        (await client.RefreshAsync(World.Cancel)).Refusals.Select(refusal => refusal.Code).Should().Contain(RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public async Task Endorsement_that_lacks_a_signature_is_not_even_brought()
    {
        var world = await ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        var sent = Statements(world);

        var refused = await new RoomContracts(client).EndorseAsync(Encoded(EndorsementOf(world).By(TestEndorsements.Builder)), World.Cancel);

        refused.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureMissing);
        Statements(world).Should().Be(sent);
    }

    private static int Statements(World world) => world.Node.Requests.Count(request => request.Contains("/statements", StringComparison.Ordinal));

    private static Task<World> ActiveAsync() => World.ActiveAsync(TestEndorsements.With);

    private static CodeEndorsement EndorsementOf(World world) => new TestRoom(world.Room.Log!.State, [], world.Room.Now).Endorsement();

    private static Bytes Encoded(Envelope envelope) => new(EnvelopeCodec.Encode(envelope));

    private static async Task EndorseAsync(World world)
    {
        var client = (await world.OpenAsync(world.Registry)).Value;
        (await new RoomContracts(client).EndorseAsync(Encoded(EndorsementOf(world).ByBoth()), World.Cancel)).Refusals.Should().BeEmpty();
    }

    /// <summary>Starts the node anew with the code that the contract does not name.</summary>
    private static async Task UpgradeAsync(World world)
    {
        await world.RestartAsync();
        world.Node.RunsOn = InsecureSimulatedMachine.OfBuild(TestEndorsements.Build);
    }

    private static async Task<NodeAnswer> AskAsync(World world) =>
        (await NodeQuestion.AskAsync(world.Services, World.Address, world.Registry.Memory.Record!, World.Cancel)).Value;

    private static async Task<List<RefusalCode>> CodesAsync(World world) =>
        [.. (await world.OpenAsync(world.Registry)).Refusals.Select(refusal => refusal.Code)];
}
