using CleanRoom.Client.Ledger;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Keys.Recoveries;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Node.Tests.Recoveries;

/// <summary>A room whose sealed secret is gone is restored by k members of different collaborators, and by nobody else. Spec: contracts/spec/0026.</summary>
public sealed class RecoveryTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine);

    /// <summary>Gets the contract in which any two of three restore.</summary>
    internal static Contract Contract { get; } = Scene.Contract with { Recovery = new RecoveryRules { K = 2 } };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Room_with_data_and_an_answer_is_restored_by_two_of_three_and_goes_on()
    {
        Digest query;
        byte[] answer;
        LedgerMirror ledger;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.SupplyAsync(Contract);
            query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
            var runner = new Runner(node, room.State.Collaboration);
            await runner.EndAsync(query);
            answer = (await runner.ServedAsync(query))!.Value.Bytes;
            ledger = await Releaser.MirrorAsync(await runner.Room.RoomAsync());
        }

        await LoseAsync(ledger.Collaboration);
        using var next = await _machine.StartAsync();
        var desk = Desk(next, ledger);
        (await By(Ada, ledger).ReleaseAsync(desk)).Value.Released.Should().Equal("registry");
        var taken = (await By(Hal, ledger).ReleaseAsync(desk)).Value;
        taken.Released.Should().Equal("hospital", "registry");

        var restored = new Runner(next, ledger.Collaboration);
        var opened = await restored.Room.RoomAsync();
        opened.Status().Mode.Should().Be(RoomMode.AwaitingWitnesses, "nobody has said that this log is the newest");
        opened.Status().Checkpoint.Should().Be(taken.Checkpoint);
        (await opened.AppendAsync(Ada.Sign(Scene.Of(opened).Suspend()), Stop)).Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        await opened.WitnessAllAsync(ledger.Note);

        opened.Status().Mode.Should().Be(RoomMode.Active);
        (await restored.ServedAsync(query))!.Value.Bytes.Should().Equal(answer);
        using var key = await _machine.ReceiveKeyAsync(Hana);
        var result = (await restored.QueryAsync(query)).Runs[^1].Result!;
        (await ResultSealing.OpenAsync(_machine.Backend, key, result, "hospital", "hana", answer, Stop)).IsAccepted.Should().BeTrue();
        var again = await opened.ApproveAsync(opened.Question("once more"));
        await restored.EndAsync(DocumentCodec.DigestOf(again));
        (await restored.QueryAsync(DocumentCodec.DigestOf(again))).Runs[^1].Receipt.Should().NotBeNull("the data opens too");

        var audited = await Releaser.MirrorAsync(await restored.Room.RoomAsync());
        audited.State.Recoveries.Should().ContainSingle().Which.Statements.Select(one => $"{one.Collaborator}/{one.Member}").Should().Equal("hospital/hal", "registry/ada");
        audited.State.Recoveries[0].Node.Should().Be(KeyId.Of(next.Services.Node.Keys.Sign.PublicKey.Span));
        RowWords.Of(audited.Rows[(int)audited.State.Recoveries[0].Sequence], audited.State).Should().Contain("hospital/hal, registry/ada");
    }

    [Fact]
    public async Task Restored_secret_is_sealed_to_the_machine_and_opens_after_the_next_start()
    {
        var ledger = await LostAsync();
        using (var node = await _machine.StartAsync())
        {
            await RestoreAsync(node, ledger);
        }

        using var next = await _machine.StartAsync();

        (await next.OpenAsync(ledger.Collaboration)).Value.State.Recoveries.Should().ContainSingle();
    }

    [Fact]
    public async Task Contract_with_recovery_makes_a_share_for_each_that_its_members_open()
    {
        var ledger = await LostAsync();
        var set = ledger.State.RecoverySet!.Shares;

        set.K.Should().Be(2);
        set.Shares.Select(share => share.Collaborator).Should().Equal(ledger.State.Active!.Contract.Collaborators.Select(collaborator => collaborator.Id));
        foreach (var member in new[] { Ada, Lea, Leo, Hal })
        {
            var plan = (await By(member, ledger).PlanAsync()).Value;
            using var key = await _machine.ReceiveKeyAsync(member);
            using var share = (await RecoveryShares.OpenAsync(_machine.Backend, key, plan.Subject, plan.Commitment, plan.Seal, Stop)).Value;
            share.Commit(plan.Subject).Should().Be(plan.Commitment);
        }

        (await By(Hugo, ledger).PlanAsync()).Refusals[0].Code.Should().Be(RefusalCode.NotPermitted, "an auditor holds no share");
    }

    [Fact]
    public async Task Contract_without_recovery_makes_no_share_and_nothing_can_be_recovered()
    {
        LedgerMirror ledger;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.SupplyAsync();
            await room.AddAsync(TestMember.Of("registry", "olga", MemberRole.Owner).Delegate());
            await room.ShareAsync(Stop);
            ledger = await Releaser.MirrorAsync(room);
        }

        ledger.State.RecoverySet.Should().BeNull();
        ledger.Rows.Where(row => DocumentCodec.Parse<RecoveryShareSet>(row.Envelope.Payload.Span).IsAccepted).Should().BeEmpty();
        (await By(Ada, ledger).PlanAsync()).Refusals[0].Should().Match<Refusal>(refusal => refusal.Code == RefusalCode.NotPermitted && refusal.Wanted.Contains("recovery.k", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fewer_than_k_collaborators_never_restore()
    {
        var ledger = await LostAsync();
        using var node = await _machine.StartAsync();
        var desk = Desk(node, ledger);

        (await By(Lea, ledger).ReleaseAsync(desk)).Value.Released.Should().Equal("laboratory");
        (await By(Leo, ledger).ReleaseAsync(desk)).Value.Released.Should().Equal(["laboratory"], "two people of one collaborator are one");
        (await By(Lea, ledger).ReleaseAsync(desk)).Value.Checkpoint.Should().Be("none");

        await NothingIsKeptAsync(node, ledger);
        (await By(Ada, ledger).ReleaseAsync(desk)).Value.Released.Should().Equal("laboratory", "registry");
    }

    [Fact]
    public async Task Release_to_another_node_or_another_start_restores_nothing_here()
    {
        var ledger = await LostAsync();
        using var first = await _machine.StartAsync();
        using var second = await _machine.StartAsync();
        var (here, there) = (Desk(first, ledger), Desk(second, ledger));
        var ada = By(Ada, ledger);
        var toHere = await ada.MakeAsync((await ada.AskAsync(here)).Value);
        await By(Hal, ledger).ReleaseAsync(there);

        var carried = await there.ReleaseAsync(toHere, Stop);
        using var again = await _machine.StartAsync();
        var after = await Desk(again, ledger).ReleaseAsync(toHere, Stop);

        carried.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.Replayed);
        after.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.Replayed);
        await NothingIsKeptAsync(second, ledger);
    }

    [Fact]
    public async Task Share_that_is_sealed_to_another_node_does_not_open_here()
    {
        var ledger = await LostAsync();
        using var first = await _machine.StartAsync();
        using var second = await _machine.StartAsync();
        var (here, there) = (Desk(first, ledger), Desk(second, ledger));
        var ada = By(Ada, ledger);
        var elsewhere = await ada.MakeAsync((await ada.AskAsync(there)).Value);
        var bindingHere = DocumentCodec.DigestOf((await ada.AskAsync(here)).Value);
        ada.Statement = statement => statement with { ReleaseDigest = Digest.Of([.. elsewhere.Enc.Span, .. elsewhere.Ciphertext.Span]), BindingDigest = bindingHere };
        var mixed = await ada.MakeAsync((await ada.AskAsync(here)).Value);

        var refused = await here.ReleaseAsync(mixed with { Enc = elsewhere.Enc, Ciphertext = elsewhere.Ciphertext }, Stop);

        refused.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Same_release_twice_is_replayed()
    {
        var ledger = await LostAsync();
        using var node = await _machine.StartAsync();
        var desk = Desk(node, ledger);
        var ada = By(Ada, ledger);
        var release = await ada.MakeAsync((await ada.AskAsync(desk)).Value);

        (await desk.ReleaseAsync(release, Stop)).IsAccepted.Should().BeTrue();
        (await desk.ReleaseAsync(release, Stop)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.Replayed);
    }

    [Fact]
    public async Task Release_for_another_contract_set_or_collaboration_is_refused()
    {
        await RefusesAsync(RefusalCode.ContractConflict, statement => statement with { ContractDigest = Digest.Of("other"u8) });
        await RefusesAsync(RefusalCode.Stale, statement => statement with { Set = TestRandom.Nonce("another set") });
        await RefusesAsync(RefusalCode.NotPermitted, statement => statement with { Collaboration = new string('a', 64) });
        await RefusesAsync(RefusalCode.NotPermitted, statement => statement with { Collaborator = "hospital" });
        await RefusesAsync(RefusalCode.NotPermitted, statement => statement with { Member = "rita" });
        await RefusesAsync(RefusalCode.SignatureInvalid, statement => statement with { ReleaseDigest = Digest.Of("other"u8) });
    }

    [Fact]
    public async Task Release_that_has_ended_or_lasts_too_long_is_refused()
    {
        await RefusesAsync(RefusalCode.Stale, statement => statement with { Expires = Timestamp.From(_machine.Time.GetUtcNow()) });
        await RefusesAsync(RefusalCode.DocumentInvalid, statement => statement with { Expires = Timestamp.From(_machine.Time.GetUtcNow()).Plus(TimeSpan.FromHours(25)) });
    }

    [Fact]
    public async Task Release_and_evidence_are_forgotten_when_their_time_is_over()
    {
        var ledger = await LostAsync();
        using var node = await _machine.StartAsync();
        var desk = Desk(node, ledger);
        await By(Ada, ledger).ReleaseAsync(desk);
        _machine.Time.Advance(TimeSpan.FromHours(23));

        var hal = By(Hal, ledger);
        (await hal.ReleaseAsync(desk)).Value.Released.Should().Equal(["hospital"], "ada's release has ended");
        var late = await hal.MakeAsync((await By(Hal, ledger).AskAsync(desk)).Value);
        _machine.Time.Advance(TimeSpan.FromMinutes(15));
        (await desk.ReleaseAsync(late, Stop)).Refusals[0].Code.Should().Be(RefusalCode.Replayed);
        _machine.Time.Advance(TimeSpan.FromHours(23));
        desk.IsOpen.Should().BeFalse();
    }

    [Fact]
    public async Task False_share_is_named_by_its_collaborator_and_spoils_nothing()
    {
        var ledger = await LostAsync();
        using var node = await _machine.StartAsync();
        var desk = Desk(node, ledger);
        await By(Hal, ledger).ReleaseAsync(desk);
        var lea = By(Lea, ledger);
        lea.IsFalse = true;

        var refused = await lea.ReleaseAsync(desk);

        refused.Refusals.Should().ContainSingle().Which.Should().Match<Refusal>(refusal =>
            refusal.Code == RefusalCode.SealInvalid && refusal.Wanted.Contains("laboratory", StringComparison.Ordinal) && refusal.Got == "a false one");
        await NothingIsKeptAsync(node, ledger);
        (await By(Ada, ledger).ReleaseAsync(desk)).Value.Released.Should().Equal("hospital", "registry");
    }

    [Fact]
    public async Task Node_of_another_measurement_gets_no_evidence_to_release_to()
    {
        var ledger = await LostAsync();
        using var node = await _machine.StartAsync("another build");

        (await By(Ada, ledger).AskAsync(Desk(node, ledger))).Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public async Task Room_that_is_not_lost_takes_no_recovery()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync(Contract);
        var ledger = await Releaser.MirrorAsync(room);

        (await By(Ada, ledger).AskAsync(Desk(node, ledger))).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.NotPermitted);
        using var empty = new Machine(engine);
        using var elsewhere = await empty.StartAsync();
        (await By(Ada, ledger).AskAsync(Desk(elsewhere, ledger))).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.CollaborationUnknown);
    }

    [Fact]
    public async Task Kit_that_does_not_hold_is_refused()
    {
        var ledger = await LostAsync();
        using var node = await _machine.StartAsync();
        var other = ledger.State.Active!.Contract with { Recovery = new RecoveryRules { K = 1 } };

        await RefusesKitAsync(RefusalCode.ContractConflict, kit => kit with { Contract = new Bytes(DocumentCodec.Encode(other)) });
        await RefusesKitAsync(RefusalCode.ProofInvalid, kit => kit with { Proof = kit.Proof.SetItem(0, Digest.Of("other"u8)) });
        await RefusesKitAsync(RefusalCode.ProofInvalid, kit => kit with { Shares = Changed(kit.Shares, shares => shares with { K = 1 }) });
        await RefusesKitAsync(RefusalCode.RowInvalid, kit => kit with { Genesis = new Bytes(RowCodec.Encode(TestStages.Active.Rows[0])) });
        await RefusesKitAsync(RefusalCode.DocumentInvalid, kit => kit with { Genesis = new Bytes(RowCodec.Encode(ledger.Rows[1])) });
        await RefusesKitAsync(RefusalCode.DocumentInvalid, kit => kit with { Shares = new Bytes(RowCodec.Encode(ledger.Rows[1])) });
        await RefusesKitAsync(RefusalCode.CheckpointInvalid, kit => kit with { Checkpoint = "junk" });
        await RefusesKitAsync(RefusalCode.SignatureMissing, kit => kit with { Checkpoint = TestStages.Active.Checkpoint() });

        async Task RefusesKitAsync(RefusalCode code, Func<RecoveryKit, RecoveryKit> change) =>
            (await By(Ada, ledger).AskAsync(Desk(node, ledger), change)).Refusals.Should().ContainSingle().Which.Code.Should().Be(code);

        static Bytes Changed(Bytes row, Func<RecoveryShareSet, RecoveryShareSet> change)
        {
            var read = RowCodec.Parse(row.Span).Value;
            var changed = change(DocumentCodec.Parse<RecoveryShareSet>(read.Envelope.Payload.Span).Value);
            return new Bytes(RowCodec.Encode(read with { Envelope = read.Envelope with { Payload = new Bytes(DocumentCodec.Encode(changed)) } }));
        }
    }

    [Fact]
    public async Task Older_set_gives_way_to_a_newer_and_restores_nothing_by_itself()
    {
        LedgerMirror old, ledger;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.ActivateAsync(Contract);
            old = await Releaser.MirrorAsync(room);
            await room.AddAsync(TestMember.Of("registry", "olga", MemberRole.Owner).Delegate());
            ledger = await Releaser.MirrorAsync(room);
        }

        await LoseAsync(ledger.Collaboration);
        using var next = await _machine.StartAsync();
        ledger.State.RecoverySet!.Sequence.Should().BeGreaterThan(old.State.RecoverySet!.Sequence, "an owner came");

        var desk = Desk(next, ledger);
        await By(Hal, old).ReleaseAsync(desk);
        (await By(Ada, ledger).ReleaseAsync(desk)).Value.Released.Should().Equal(["registry"], "the newer set begins anew");
        (await By(Hal, old).ReleaseAsync(desk)).Refusals[0].Code.Should().Be(RefusalCode.Stale);
        var stale = Desk(next, old);
        await By(Hal, old).ReleaseAsync(stale);
        (await By(Lea, old).ReleaseAsync(stale)).Refusals[0].Code.Should().Be(RefusalCode.Stale, "the log has a newer set");

        await NothingIsKeptAsync(next, ledger);
        (await By(Hal, ledger).ReleaseAsync(desk)).Value.Released.Should().Equal("hospital", "registry");
    }

    [Fact]
    public async Task Ended_room_is_not_restored_whether_or_not_the_members_know_its_end()
    {
        LedgerMirror before, ended;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.ActivateAsync(Contract);
            before = await Releaser.MirrorAsync(room);
            await room.AddAsync(Ada.Sign(Scene.Of(room).Terminate("ada")), Lea.Sign(Scene.Of(room).Terminate("lea")), Hal.Sign(Scene.Of(room).Terminate("hal")));
            ended = await Releaser.MirrorAsync(room);
        }

        (await By(Ada, ended).PlanAsync()).Refusals[0].Code.Should().Be(RefusalCode.Terminated);
        using var next = await _machine.StartAsync();
        (await RestoreAsync(next, before)).Refusals[0].Code.Should().Be(RefusalCode.Terminated);
        await NothingIsKeptAsync(next, before);
    }

    [Fact]
    public async Task Revoked_measurement_is_not_given_the_room()
    {
        LedgerMirror before;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.ActivateAsync(Contract);
            before = await Releaser.MirrorAsync(room);
            var measurement = room.State.Nodes.Values.Single().Measurement;
            await room.AddAsync(Hal.Sign(Scene.Of(room).Revoke(RevocationKind.Measurement, measurement)));
        }

        await LoseAsync(before.Collaboration);
        using var next = await _machine.StartAsync();

        (await RestoreAsync(next, before)).Refusals[0].Code.Should().Be(RefusalCode.Revoked);
        await NothingIsKeptAsync(next, before);
    }

    [Fact]
    public async Task Member_whom_the_log_has_revoked_does_not_count()
    {
        LedgerMirror before;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.ActivateAsync(Contract);
            before = await Releaser.MirrorAsync(room);
            await room.AddAsync(Leo.Revoke());
        }

        await LoseAsync(before.Collaboration);
        using var next = await _machine.StartAsync();
        var desk = Desk(next, before);
        await By(Leo, before).ReleaseAsync(desk);

        (await By(Ada, before).ReleaseAsync(desk)).Refusals[0].Code.Should().Be(RefusalCode.MemberRevoked);
        await NothingIsKeptAsync(next, before);
        await By(Lea, before).ReleaseAsync(desk);
        (await By(Ada, before).ReleaseAsync(desk)).IsAccepted.Should().BeTrue("all release again");
    }

    [Fact]
    public async Task Store_that_went_back_behind_what_a_member_saw_is_not_restored()
    {
        LedgerMirror ledger;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.ActivateAsync(Contract);
            await room.AddAsync(Ada.Sign(Scene.Of(room).Suspend()));
            ledger = await Releaser.MirrorAsync(room);
        }

        await LoseAsync(ledger.Collaboration);
        _machine.Ledger.Inner = await HostLedger.CopyAsync(_machine.Ledger.Inner, new InMemoryLedgerStore(), ledger.Collaboration, ledger.Rows.Count - 1);
        using var next = await _machine.StartAsync();

        var refused = await RestoreAsync(next, ledger);

        refused.Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
        refused.Refusals[0].ToString().Should().Contain($"{ledger.Rows.Count} rows");
        await NothingIsKeptAsync(next, ledger);
    }

    [Fact]
    public async Task Room_with_a_counter_is_not_restored_under_a_counter_that_says_more_and_begins_a_new_one_elsewhere()
    {
        _machine.Counter = new MemoryCounter();
        LedgerMirror before, ledger;
        ILedgerStore older;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.ActivateAsync(Contract with { Rollback = RollbackDefence.Counter });
            before = await Releaser.MirrorAsync(room);
            older = await HostLedger.CopyAsync(_machine.Ledger.Inner, new InMemoryLedgerStore(), before.Collaboration, before.Rows.Count);
            await room.AddAsync(Ada.Sign(Scene.Of(room).Suspend()));
            ledger = await Releaser.MirrorAsync(room);
        }

        await older.DeleteSealedSecretAsync(before.Collaboration, Stop);
        using (var behind = await _machine.StartAsync(older))
        {
            (await RestoreAsync(behind, before)).Refusals[0].Code.Should().Be(RefusalCode.ReadOnly, "the machine's counter stands for more rows");
            behind.Services.Keyring.FindHeld(before.Collaboration).Should().BeNull();
        }

        await LoseAsync(ledger.Collaboration);
        _machine.Counter = new MemoryCounter();
        using var next = await _machine.StartAsync();
        (await RestoreAsync(next, ledger)).IsAccepted.Should().BeTrue();
        (await next.OpenAsync(ledger.Collaboration)).Value.Status().Mode.Should().Be(RoomMode.Active, "what the members have seen stood for the log, and the new counter does from here");
    }

    [Fact]
    public async Task Store_that_fails_at_the_record_keeps_nothing()
    {
        var ledger = await LostAsync();
        using var node = await _machine.StartAsync();
        _machine.Hooks.Before = HostHooks.FailOnce("append", StorageFailure.Failed);
        var restoring = () => RestoreAsync(node, ledger);

        await restoring.Should().ThrowAsync<StorageException>();

        await NothingIsKeptAsync(node, ledger);
        (await RestoreAsync(node, ledger)).IsAccepted.Should().BeTrue();
    }

    public void Dispose() => _machine.Dispose();

    private Releaser By(TestMember member, LedgerMirror ledger) => new(_machine, member, ledger);

    private static RecoveryDesk Desk(NodeProcess node, LedgerMirror ledger) => new(ledger.Collaboration, node.Services);

    /// <summary>Two members release to a new desk.</summary>
    private async Task<Result<Grains.Keys.Recoveries.RecoveryTaken>> RestoreAsync(NodeProcess node, LedgerMirror ledger)
    {
        var desk = Desk(node, ledger);
        (await By(Hal, ledger).ReleaseAsync(desk)).IsAccepted.Should().BeTrue();
        return await By(Ada, ledger).ReleaseAsync(desk);
    }

    /// <summary>Makes a room with shares, and loses its secret.</summary>
    private async Task<LedgerMirror> LostAsync()
    {
        LedgerMirror ledger;
        using (var node = await _machine.StartAsync())
        {
            ledger = await Releaser.MirrorAsync(await node.ActivateAsync(Contract));
        }

        await LoseAsync(ledger.Collaboration);
        return ledger;
    }

    private Task LoseAsync(string collaboration) => _machine.Ledger.Inner.DeleteSealedSecretAsync(collaboration, Stop);

    private async Task NothingIsKeptAsync(NodeProcess node, LedgerMirror ledger)
    {
        node.Services.Keyring.FindHeld(ledger.Collaboration).Should().BeNull();
        (await _machine.Ledger.Inner.GetSealedSecretAsync(ledger.Collaboration, Stop)).Should().BeNull();
        (await node.OpenAsync(ledger.Collaboration)).Refusals[0].Code.Should().Be(RefusalCode.Unavailable);
    }

    private async Task RefusesAsync(RefusalCode code, Func<RecoveryStatement, RecoveryStatement> change)
    {
        var ledger = await LostAsync();
        using var node = await _machine.StartAsync();
        var desk = Desk(node, ledger);
        await By(Hal, ledger).ReleaseAsync(desk);
        var ada = By(Ada, ledger);
        ada.Statement = change;

        (await ada.ReleaseAsync(desk)).Refusals.Should().ContainSingle().Which.Code.Should().Be(code);
        await NothingIsKeptAsync(node, ledger);
    }
}
