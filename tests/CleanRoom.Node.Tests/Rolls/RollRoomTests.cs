using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Rolls;

/// <summary>A room moves to another build: who gets its secret, whose word counts, and what of it goes on where. Spec: contracts/spec/0021 s.8.</summary>
public sealed class RollRoomTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine) { IsRolling = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Other_build_gets_nothing_before_the_endorsement_and_then_waits_for_the_witnesses()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var room = await old.ActivateAsync(TestEndorsements.With(Scene.Contract));

        (await RefusedAsync(later, room)).Should().Contain(RefusalCode.EvidenceNotAccepted);
        await EndorseAsync(room);
        var opened = (await later.OpenAsync(room.State.Collaboration)).Value;

        opened.State.Nodes.Values.Should().Contain(node => node.Attestation.Binding.Purpose == BindingPurpose.Handover && !node.Endorsements.IsEmpty);
        opened.Status().Mode.Should().Be(RoomMode.AwaitingWitnesses, "another build's word on the newest log does not count");
        (await opened.AppendAsync(TestPeople.Ada.Sign(Scene.Of(opened).Suspend()), Stop)).Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        await opened.WitnessAllAsync(opened.Status().Checkpoint);
        opened.Status().Mode.Should().Be(RoomMode.Active);
    }

    [Fact]
    public async Task Older_log_that_a_lying_build_hands_over_stays_read_only_and_the_witnesses_find_it()
    {
        using var old = await _machine.StartPeerAsync("old");
        var room = await old.ActivateAsync(TestEndorsements.With(Scene.Contract));
        await EndorseAsync(room);
        var backup = await HostLedger.CopyAsync(_machine.Ledger.Inner, new InMemoryLedgerStore(), room.State.Collaboration, room.State.Log.Size);
        await PutSealedAsync(backup, room.State.Collaboration, "old");
        await room.AddAsync(TestPeople.Hal.Sign(Scene.Of(room).Revoke(RevocationKind.Measurement, TestEndorsements.Later.Machine.ToReferenceTuple().Values["measurement"])));
        var seen = room.Status().Checkpoint;
        _machine.Ledger.Inner = backup;
        using var lying = await _machine.StartPeerAsync("old");
        _ = (await lying.OpenAsync(room.State.Collaboration)).Value;
        lying.Services.Keyring.FindHeld(room.State.Collaboration)!.IsFresh = true;
        using var later = await LaterAsync(lying);

        var opened = (await later.OpenAsync(room.State.Collaboration)).Value;

        opened.Status().Mode.Should().Be(RoomMode.AwaitingWitnesses);
        (await opened.WitnessAsync(TestPeople.Hal, seen)).Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
        opened.Status().Mode.Should().Be(RoomMode.Halted);
    }

    [Fact]
    public async Task Endorsement_that_has_ended_gets_the_other_build_no_key()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var room = await old.ActivateAsync(TestEndorsements.With(Scene.Contract));
        await EndorseAsync(room);
        _machine.Time.Advance(TimeSpan.FromDays(30));

        (await RefusedAsync(later, room)).Should().Contain(RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public async Task Room_that_a_counter_stands_for_stays_and_goes_on()
    {
        _machine.Counter = new MemoryCounter();
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var room = await old.ActivateAsync(TestEndorsements.With(Scene.Contract with { Rollback = RollbackDefence.Counter }));
        await EndorseAsync(room);

        (await RefusedAsync(later, room)).Should().Contain(RefusalCode.NotPermitted);
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));
    }

    [Fact]
    public async Task Old_build_gets_a_room_of_the_new_one_when_its_contract_accepts_it_and_else_not()
    {
        using var later = await _machine.StartPeerAsync("later", TestEndorsements.Build);
        using var old = await _machine.StartPeerAsync("old");
        old.Peers.Meet(later.Other);
        var tuple = TestEndorsements.Later.Machine.ToReferenceTuple();
        var contract = Scene.Contract with { Attestation = Scene.Contract.Attestation with { Accepted = [tuple] } };
        var room = await later.ActivateAsync(contract);
        var both = await later.ActivateAsync(contract with
        {
            Title = "Both", Attestation = contract.Attestation with { Accepted = [tuple, .. Scene.Contract.Attestation.Accepted] },
        });

        (await old.OpenAsync(room.State.Collaboration)).Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);
        (await old.OpenAsync(both.State.Collaboration)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task Rows_of_the_other_build_are_found_without_being_told()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var (room, opened) = await MoveAsync(old, later, await old.ActivateAsync(TestEndorsements.With(Scene.Contract)));

        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));
        (await opened.CatchUpAsync(Stop)).Should().BeNull();

        opened.State.Log.Root.Should().Be(room.State.Log.Root);
        opened.State.Suspension.Should().NotBeNull("what one build took is heeded by the other");
    }

    [Fact]
    public async Task Room_that_ended_at_one_build_erases_its_keys_at_the_other()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var (room, opened) = await MoveAsync(old, later, await old.ActivateAsync(TestEndorsements.With(Scene.Contract)));
        var collaboration = room.State.Collaboration;

        await room.AddAsync([.. new[] { TestPeople.Ada, TestPeople.Lea, TestPeople.Hal }.Select(member => member.Sign(Scene.Of(room).Terminate()))]);
        later.Services.Keyring.FindHeld(collaboration).Should().NotBeNull("nobody told it");
        (await opened.CatchUpAsync(Stop)).Should().BeNull();

        later.Services.Keyring.FindHeld(collaboration).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{collaboration}@later", Stop)).Should().BeNull();
    }

    [Fact]
    public async Task Questions_before_during_and_after_answer_the_same_and_each_is_charged_once()
    {
        using var later = await _machine.StartPeerAsync("later", TestEndorsements.Build);
        var answers = new List<byte[]>();
        string collaboration;
        using (var old = await _machine.StartPeerAsync("old"))
        {
            later.Peers.Meet(old.Other);
            var room = await old.SupplyAsync(TestEndorsements.With(Scene.Contract));
            collaboration = room.State.Collaboration;
            answers.Add(await AnswerAsync(old, await AskAsync(old, collaboration, "before")));
            await room.CatchUpAsync(Stop);
            _ = await MoveAsync(old, later, room);

            var during = await AskAsync(old, collaboration, "during");
            await Task.WhenAll(new Runner(old, collaboration).EndAsync(during), new Runner(later, collaboration).EndAsync(during));
            answers.Add(await AnswerAsync(old, during));
            answers.Add(await AnswerAsync(later, during));
        }

        _machine.Time.Advance(TimeSpan.FromDays(1)); // An owner of the tests allows two questions a day.
        answers.Add(await AnswerAsync(later, await AskAsync(later, collaboration, "after")));

        answers.Should().AllSatisfy(answer => answer.Should().Equal(answers[0]));
        var end = (await later.OpenAsync(collaboration)).Value.State;
        end.Queries.Should().HaveCount(3);
        end.Queries.Values.Should().OnlyContain(query => query.Runs.Length == 1 && query.Runs[0].Result != null && query.Runs[0].Receipt != null);
    }

    public void Dispose() => _machine.Dispose();

    private async Task<NodeProcess> LaterAsync(NodeProcess old)
    {
        var later = await _machine.StartPeerAsync("later", TestEndorsements.Build);
        later.Peers.Meet(old.Other);
        return later;
    }

    private static async Task EndorseAsync(CollaborationRoom room)
    {
        var seen = Scene.Of(room);
        await room.AddAsync(TestPeople.Ada.Sign(seen.Bring(seen.Endorsement().ByBoth())));
    }

    /// <summary>Endorses the later build and has it open the room, with all witnesses.</summary>
    private static async Task<(CollaborationRoom Room, CollaborationRoom Opened)> MoveAsync(NodeProcess old, NodeProcess later, CollaborationRoom room)
    {
        await EndorseAsync(room);
        var opened = (await later.OpenAsync(room.State.Collaboration)).Value;
        await opened.WitnessAllAsync(opened.Status().Checkpoint);
        (await room.CatchUpAsync(Stop)).Should().BeNull();
        old.Services.Keyring.FindHeld(room.State.Collaboration).Should().NotBeNull();
        return (room, opened);
    }

    private static async Task<Digest> AskAsync(NodeProcess node, string collaboration, string name)
    {
        var room = (await node.OpenAsync(collaboration)).Value;
        return DocumentCodec.DigestOf(await room.ApproveAsync(room.Question(name)));
    }

    /// <summary>Runs a question to its end on a node unless it has ended, and opens the answer as its receiver.</summary>
    private async Task<byte[]> AnswerAsync(NodeProcess node, Digest query)
    {
        var runner = new Runner(node, node.Services.Keyring.Held.Single());
        await runner.EndAsync(query);
        await (await runner.Room.RoomAsync()).CatchUpAsync(Stop);
        var result = (await runner.QueryAsync(query)).Runs.Should().ContainSingle().Which.Result!;
        var (_, bytes) = (await runner.ServedAsync(query))!.Value;
        using var key = await _machine.ReceiveKeyAsync(TestPeople.Hana);
        return (await ResultSealing.OpenAsync(_machine.Backend, key, result, "hospital", "hana", bytes, Stop)).Value.Payload.ToArray();
    }

    /// <summary>Returns why a node gets no secret; it must not have one then.</summary>
    private async Task<List<RefusalCode>> RefusedAsync(NodeProcess later, CollaborationRoom room)
    {
        var refused = await later.OpenAsync(room.State.Collaboration);
        later.Services.Keyring.FindHeld(room.State.Collaboration).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{room.State.Collaboration}@later", Stop)).Should().BeNull();
        return [.. refused.Refusals.Select(refusal => refusal.Code)];
    }

    private async Task PutSealedAsync(CleanRoom.Storage.Ledger.ILedgerStore copy, string collaboration, string machine)
    {
        var name = $"{collaboration}@{machine}";
        await copy.PutSealedSecretAsync(name, (await _machine.Ledger.GetSealedSecretAsync(name, Stop))!.Value.Memory, Stop);
    }
}
