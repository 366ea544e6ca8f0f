using CleanRoom.Grains.Budgets;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Tests.Handover;

/// <summary>A budget log has no contract: its secret moves within the fleet, to nodes of the holder's own code.</summary>
public sealed class BudgetHandoverTests(EngineParts engine) : IDisposable
{
    private const string Log = "a-budget-log";

    private static readonly DpRules _rules = new()
    {
        Epsilon = 4, Delta = 0.000001m, MaxEpsilonPerQuery = 1, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None,
    };

    private static readonly Contract _noisy = Scene.Contract with
    {
        Datasets =
        [
            .. Scene.Contract.Datasets.Select(dataset => dataset.SqlName != Scene.People ? dataset : dataset with
            {
                Policy = dataset.Policy with { Tier = PolicyTier.Dp, Dp = _rules },
            }),
        ],
    };

    private readonly Machine _machine = new(engine);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_peer_of_the_same_code_gets_the_secret_and_seals_a_copy()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        second.Peers.Meet(first.Holder);
        await first.BudgetKeys.AdoptAsync(Log, BudgetKeyring.Generate(), Stop);
        first.BudgetKeys.FindHeld(Log)!.See(7, Digest.Of("seven rows"u8));

        var keys = (await second.BudgetKeys.OpenAsync(Log, Stop)).Value;

        keys.Row.FixedTimeEquals(first.BudgetKeys.FindHeld(Log)!.Row.Span).Should().BeTrue();
        keys.Seen.Size.Should().Be(7, "the peer says how long the log is");
        using var again = await _machine.StartPeerAsync("two");
        (await again.BudgetKeys.OpenAsync(Log, Stop)).IsAccepted.Should().BeTrue("this machine has a sealed copy of its own");
    }

    [Fact]
    public async Task OpenAsync_peer_of_other_code_gets_nothing()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var other = await _machine.StartPeerAsync("other", "0.1.0+other");
        other.Peers.Meet(first.Holder);
        await first.BudgetKeys.AdoptAsync(Log, BudgetKeyring.Generate(), Stop);

        var refused = await other.BudgetKeys.OpenAsync(Log, Stop);

        refused.Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);
        other.BudgetKeys.FindHeld(Log).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{Log}@other", Stop)).Should().BeNull();
    }

    [Fact]
    public async Task HandOverBudgetAsync_evidence_twice_or_for_another_log_is_replayed()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        await first.BudgetKeys.AdoptAsync(Log, BudgetKeyring.Generate(), Stop);
        await first.BudgetKeys.AdoptAsync("another", BudgetKeyring.Generate(), Stop);
        var shown = await ShownAsync(first, second, Log);
        var other = await ShownAsync(first, second, "another");

        (await first.Holder.HandOverBudgetAsync(Log, other)).Refusals[0].Code.Should().Be(RefusalCode.Replayed);
        (await first.Holder.HandOverBudgetAsync(Log, shown)).Refusals.Should().BeEmpty();
        (await first.Holder.HandOverBudgetAsync(Log, shown)).Refusals[0].Code.Should().Be(RefusalCode.Replayed);
    }

    [Fact]
    public async Task OfferBudgetAsync_node_without_the_secret_says_so()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        second.Peers.Meet(first.Holder);

        (await second.BudgetKeys.OpenAsync(Log, Stop)).Refusals.Should().OnlyContain(refusal => refusal.Code == RefusalCode.Unavailable);
    }

    [Fact]
    public async Task BookAsync_on_a_second_node_goes_on_with_the_first_ones_log()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        second.Peers.Meet(first.Holder);
        first.Peers.Meet(second.Holder);
        var room = await first.SupplyAsync(_noisy);
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question("first")));
        (await room.BeginRunAsync(query, mayRunAgain: false, Stop)).IsAccepted.Should().BeTrue();
        var booked = room.State.Queries[query].Runs[0].Charge.BudgetLogs;
        var elsewhere = (await second.OpenAsync(room.State.Collaboration)).Value;
        var next = DocumentCodec.DigestOf(await elsewhere.ApproveAsync(elsewhere.Question("second")));

        var begun = await elsewhere.BeginRunAsync(next, mayRunAgain: false, Stop);

        begun.IsAccepted.Should().BeTrue();
        booked.Should().NotBeEmpty();
        elsewhere.State.Queries[next].Runs[0].Charge.BudgetLogs.Select(proof => proof.BudgetLog).Should().Equal(booked.Select(proof => proof.BudgetLog));
    }

    public void Dispose() => _machine.Dispose();

    private static async Task<byte[]> ShownAsync(NodeProcess holder, NodeProcess asker, string log)
    {
        var nonce = (await holder.Holder.OfferBudgetAsync(log)).ToResult().Value;
        return DocumentCodec.Encode(await asker.Services.Node.AttestAsync(Grains.Keys.BindingSubject.Admission(new Bytes(nonce)), Stop));
    }
}
