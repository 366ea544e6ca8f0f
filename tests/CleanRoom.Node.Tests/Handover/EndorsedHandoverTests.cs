using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Handover;

/// <summary>A collaboration's secret moves to code that all code endorsers of its contract have endorsed, while it counts. Spec: contracts/spec/0025.</summary>
public sealed class EndorsedHandoverTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_peer_of_the_endorsed_build_gets_the_secret_and_before_the_endorsement_nothing()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var later = await _machine.StartPeerAsync("later", TestEndorsements.Build);
        var room = await MeetAsync(first, later);

        (await RefusedAsync(later, room)).Should().Contain(RefusalCode.EvidenceNotAccepted);
        await EndorseAsync(room);
        var opened = (await later.OpenAsync(room.State.Collaboration)).Value;

        opened.Status().Mode.Should().Be(RoomMode.Active);
        opened.State.Nodes.Values.Should().Contain(node => node.Attestation.Binding.Purpose == BindingPurpose.Handover && !node.Endorsements.IsEmpty);
        await opened.AddAsync(TestPeople.Ada.Sign(Scene.Of(opened).Suspend()));
        (await room.CatchUpAsync(Stop)).Should().BeNull();
        room.State.Log.Root.Should().Be(opened.State.Log.Root, "both fold the same");
    }

    [Fact]
    public async Task OpenAsync_endorsed_build_whose_measurement_one_owner_has_revoked_gets_nothing()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var later = await _machine.StartPeerAsync("later", TestEndorsements.Build);
        var room = await MeetAsync(first, later);
        await EndorseAsync(room);
        var measurement = TestEndorsements.Later.Machine.ToReferenceTuple().Values["measurement"];
        await room.AddAsync(TestPeople.Hal.Sign(Scene.Of(room).Revoke(RevocationKind.Measurement, measurement)));

        (await RefusedAsync(later, room)).Should().NotBeEmpty();
    }

    [Fact]
    public async Task OpenAsync_endorsed_build_gets_nothing_when_the_endorsement_has_ended()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var later = await _machine.StartPeerAsync("later", TestEndorsements.Build);
        var room = await MeetAsync(first, later);
        await EndorseAsync(room);
        _machine.Time.Advance(TimeSpan.FromDays(30));

        (await RefusedAsync(later, room)).Should().Contain(RefusalCode.EvidenceNotAccepted);
    }

    public void Dispose() => _machine.Dispose();

    private static async Task<CollaborationRoom> MeetAsync(NodeProcess first, NodeProcess later)
    {
        first.Peers.Meet(later.Holder);
        later.Peers.Meet(first.Holder);
        return await first.ActivateAsync(TestEndorsements.With(Scene.Contract));
    }

    private static async Task EndorseAsync(CollaborationRoom room)
    {
        var seen = Scene.Of(room);
        await room.AddAsync(TestPeople.Ada.Sign(seen.Bring(seen.Endorsement().ByBoth())));
    }

    /// <summary>Returns why a peer gets no secret; it must not have one then.</summary>
    private async Task<List<RefusalCode>> RefusedAsync(NodeProcess peer, CollaborationRoom room)
    {
        var refused = await peer.OpenAsync(room.State.Collaboration);
        peer.Services.Keyring.FindHeld(room.State.Collaboration).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{room.State.Collaboration}@later", Stop)).Should().BeNull();
        return [.. refused.Refusals.Select(refusal => refusal.Code)];
    }
}
