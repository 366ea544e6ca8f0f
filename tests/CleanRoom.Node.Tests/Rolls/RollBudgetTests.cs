using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Rolls;

/// <summary>An owner's budget log belongs to no room: its secret moves to another build when every room that it counts for accepts that build. Spec: contracts/spec/0021 s.8.</summary>
public sealed class RollBudgetTests(EngineParts engine) : IDisposable
{
    private static readonly Contract _contract = TestEndorsements.With(Scene.Contract with
    {
        Datasets =
        [
            .. Scene.Contract.Datasets.Select(dataset => dataset.SqlName != Scene.People ? dataset : dataset with
            {
                Policy = dataset.Policy with
                {
                    Tier = PolicyTier.Dp,
                    Dp = new DpRules { Epsilon = 4, Delta = 0.000001m, MaxEpsilonPerQuery = 1, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None },
                },
            }),
        ],
    });

    private readonly Machine _machine = new(engine) { IsRolling = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Build_that_the_room_accepts_goes_on_with_the_owners_log()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var (room, log) = await ChargeAsync(old);
        await EndorseAsync(room);
        var moved = (await later.OpenAsync(room.State.Collaboration)).Value;
        await moved.WitnessAllAsync(moved.Status().Checkpoint);
        var next = DocumentCodec.DigestOf(await moved.ApproveAsync(moved.Question("second")));

        (await moved.BeginRunAsync(next, mayRunAgain: false, Stop)).IsAccepted.Should().BeTrue();

        moved.State.Queries[next].Runs[0].Charge.BudgetLogs.Should().ContainSingle().Which.BudgetLog.Should().Be(log);
    }

    [Fact]
    public async Task Build_that_one_room_of_the_owner_has_not_accepted_gets_nothing_and_the_room_is_named()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var (room, log) = await ChargeAsync(old);
        await EndorseAsync(room);
        var silent = await old.ActivateAsync(_contract with { Title = "Another room of the same owner" });

        (await RefusedAsync(later, log)).Should().Contain(refusal =>
            refusal.Code == RefusalCode.EvidenceNotAccepted && refusal.Wanted.Contains(silent.State.Collaboration, StringComparison.Ordinal));
        await EndorseAsync(silent);
        (await later.BudgetKeys.OpenAsync(log, Stop)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task Room_that_waits_for_its_witnesses_counts_as_one_that_does_not_accept()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var (room, log) = await ChargeAsync(old);
        await EndorseAsync(room);
        old.Services.Keyring.FindHeld(room.State.Collaboration)!.IsFresh = false;

        (await RefusedAsync(later, log)).Should().Contain(refusal => refusal.Code == RefusalCode.ReadOnly);
    }

    [Fact]
    public async Task Room_under_another_domain_is_not_asked()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var (room, log) = await ChargeAsync(old);
        await EndorseAsync(room);
        var other = await old.ActivateAsync(_contract with
        {
            Title = "The same people under another domain",
            Datasets = [.. _contract.Datasets.Select(dataset => dataset.Policy.Unit is not { } unit ? dataset : dataset with
            {
                Policy = dataset.Policy with { Unit = unit with { Domain = "member-v1" } },
            })],
        });
        old.Services.Keyring.FindHeld(other.State.Collaboration)!.IsFresh = false;

        (await later.BudgetKeys.OpenAsync(log, Stop)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task Room_that_the_log_names_and_that_is_not_open_here_counts_as_one_that_does_not_accept()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var (room, log) = await ChargeAsync(old);
        await EndorseAsync(room);
        await old.Services.Keyring.ForgetAsync(room.State.Collaboration, ended: null, Stop);

        (await RefusedAsync(later, log)).Should().Contain(refusal =>
            refusal.Code == RefusalCode.Unavailable && refusal.Wanted.Contains(room.State.Collaboration, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_whose_measurement_an_owner_revoked_and_one_whose_endorsement_ended_get_nothing()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        var (room, log) = await ChargeAsync(old);
        await EndorseAsync(room);
        _machine.Time.Advance(TimeSpan.FromDays(30));
        (await RefusedAsync(later, log)).Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);

        var again = Scene.Of(room);
        await room.AddAsync(TestPeople.Ada.Sign(again.Bring(again.Endorsement("again").ByBoth())));
        var measurement = TestEndorsements.Later.Machine.ToReferenceTuple().Values["measurement"];
        await room.AddAsync(TestPeople.Hal.Sign(Scene.Of(room).Revoke(RevocationKind.Measurement, measurement)));
        (await RefusedAsync(later, log)).Should().NotBeEmpty();
    }

    [Fact]
    public async Task Log_that_no_room_counts_in_goes_nowhere()
    {
        using var old = await _machine.StartPeerAsync("old");
        using var later = await LaterAsync(old);
        await old.BudgetKeys.AdoptAsync("a-log", Grains.Budgets.BudgetKeyring.Generate(), Stop);

        (await RefusedAsync(later, "a-log")).Should().Contain(refusal => refusal.Code == RefusalCode.Unavailable);
    }

    public void Dispose() => _machine.Dispose();

    private async Task<NodeProcess> LaterAsync(NodeProcess old)
    {
        var later = await _machine.StartPeerAsync("later", TestEndorsements.Build);
        later.Peers.Meet(old.Other);
        return later;
    }

    /// <summary>Has a room that has charged an owner's budget; its log's id.</summary>
    private static async Task<(CollaborationRoom Room, string Log)> ChargeAsync(NodeProcess node)
    {
        var room = await node.SupplyAsync(_contract);
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question("first")));
        (await room.BeginRunAsync(query, mayRunAgain: false, Stop)).IsAccepted.Should().BeTrue();
        return (room, room.State.Queries[query].Runs[0].Charge.BudgetLogs.Single().BudgetLog);
    }

    private static async Task EndorseAsync(CollaborationRoom room)
    {
        var seen = Scene.Of(room);
        await room.AddAsync(TestPeople.Ada.Sign(seen.Bring(seen.Endorsement().ByBoth())));
    }

    /// <summary>Returns why a node gets no secret of a budget log; it must not have one then.</summary>
    private async Task<IEnumerable<Refusal>> RefusedAsync(NodeProcess later, string log)
    {
        var refused = await later.BudgetKeys.OpenAsync(log, Stop);
        later.BudgetKeys.FindHeld(log).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{log}@later", Stop)).Should().BeNull();
        return refused.Refusals;
    }
}
