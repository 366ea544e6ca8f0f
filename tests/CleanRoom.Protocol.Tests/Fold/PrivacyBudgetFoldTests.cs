using System.Collections.Immutable;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.Protocol.Tests.Fold.PrivateRooms;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Budgets of the dp tier are whole numbers that add up over a dataset's life, per owner and unit domain, and are never given back.</summary>
public sealed class PrivacyBudgetFoldTests
{
    private const string People = PrivateRooms.People;
    private const string More = "registry.more";

    private static readonly DpRules _rules = new()
    {
        Epsilon = 4, Delta = 0.000000001m, MaxEpsilonPerQuery = 4, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None,
    };

    private static readonly PrivacyCost _total = PrivacyBudget.From(_rules).Value.Total;

    private readonly TestRoom _room = Supplied(_rules);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(0, 1, false)]
    public void Charge_of_the_whole_budget_passes_and_one_part_more_is_refused(long moreRho, long moreDelta, bool passes)
    {
        var (room, query, verdict) = Approved(_room, new PrivacyCost(_total.NanoRho + moreRho, _total.AttoDelta + moreDelta));
        var charge = room.ByNode(room.Charge(query, verdict));

        if (passes)
        {
            room.Accepts(charge);
        }
        else
        {
            room.Refuses(charge, RefusalCode.BudgetExhausted);
        }
    }

    [Fact]
    public void Charges_add_up_over_runs_and_queries_for_good()
    {
        var (room, query, verdict) = Approved(_room, Half());
        var twice = TestStages.Run(TestStages.Run(room, query, verdict, 1), query, verdict, 2);

        QueryRules.PrivacySpent(twice.State, Dataset(twice, People)).Should().Be(new PrivacyLimit(Half().NanoRho * 2, Half().AttoDelta * 2));
        twice.Refuses(twice.ByNode(twice.Charge(query, verdict, 3)), RefusalCode.BudgetExhausted);
        var (later, other, answer) = Approved(twice.Later(TimeSpan.FromDays(20)), new PrivacyCost(2, 0), "another");
        later.Refuses(later.ByNode(later.Charge(other, answer)), RefusalCode.BudgetExhausted, "one billionth is left at most");
    }

    [Fact]
    public void Failed_run_stays_charged()
    {
        var (room, query, verdict) = Approved(_room, _total);
        var charged = room.Append(room.ByNode(room.Charge(query, verdict)));
        var failed = charged.Append(charged.ByNode(charged.Failure(query)));

        failed.Refuses(failed.ByNode(failed.Charge(query, verdict, 2)), RefusalCode.BudgetExhausted);
    }

    [Fact]
    public void Datasets_of_one_owner_and_domain_share_a_budget_and_a_run_over_both_pays_once()
    {
        var contract = Contract(_rules);
        var people = contract.Datasets.Single(dataset => dataset.SqlName == People);
        var both = contract with { Datasets = [.. contract.Datasets, people with { Name = "more" }] };
        var supplied = TestStages.Supply(TestStages.Supply(Active(both), People, Ada), More, Ada);
        var (room, query, verdict) = Approved(supplied, Half(), inputs: [People, More]);

        var once = TestStages.Run(room, query, verdict, 1);

        QueryRules.PrivacySpent(once.State, Dataset(once, More)).Should().Be(new PrivacyLimit(Half().NanoRho, Half().AttoDelta));
        var twice = TestStages.Run(once, query, verdict, 2);
        var (asked, other, answer) = Approved(twice, new PrivacyCost(2, 0), "of the other dataset", [More]);
        asked.Refuses(asked.ByNode(asked.Charge(other, answer)), RefusalCode.BudgetExhausted, "the people are the same");
    }

    [Theory]
    [InlineData(BudgetRefresh.None, false)]
    [InlineData(BudgetRefresh.DatasetVersion, true)]
    public void New_version_begins_a_new_budget_only_where_the_owner_says_so(BudgetRefresh refresh, bool passes)
    {
        var (room, query, verdict) = Approved(Supplied(_rules with { Refresh = refresh }), _total);
        var spent = TestStages.Run(room, query, verdict, 1);
        var (next, other, answer) = Approved(TestStages.Supply(spent, People, Ada), _total, "of the next version");
        var charge = next.ByNode(next.Charge(other, answer));

        if (passes)
        {
            next.Accepts(charge);
        }
        else
        {
            next.Refuses(charge, RefusalCode.BudgetExhausted);
        }
    }

    [Fact]
    public void Budget_spent_under_the_version_before_stays_spent()
    {
        var (room, query, verdict) = Approved(_room, _total);
        var spent = TestStages.Run(room, query, verdict, 1);
        var carried = query.Inputs.Select(input => new CarriedDataset { Dataset = input.Dataset, ManifestDigest = input.ManifestDigest }).ToImmutableArray();
        var amended = TestStages.SignAll(spent, TestContracts.Next(Contract(_rules), carried));
        var (asked, other, answer) = Approved(amended, new PrivacyCost(1, 0), "after the amendment");

        asked.Refuses(asked.ByNode(asked.Charge(other, answer)), RefusalCode.BudgetExhausted);
    }

    [Theory]
    [InlineData("4", "0", "4", "delta")]
    [InlineData("4097", "0.000000001", "1", "epsilon")]
    [InlineData("0.00000000001", "0.000000001", "0.00000000001", "a billionth of rho")]
    public void Contract_with_a_budget_that_cannot_be_spent_is_refused(string epsilon, string delta, string each, string reason)
    {
        var contract = Contract(_rules with { Epsilon = Decimal(epsilon), Delta = Decimal(delta), MaxEpsilonPerQuery = Decimal(each) });

        var refusals = TestStages.People(TestContracts.First).Try(Ada.Sign(contract)).Refusals;

        refusals.Should().NotBeEmpty().And.OnlyContain(refusal => refusal.Code == RefusalCode.ContractInvalid);
        refusals.Should().Contain(refusal => refusal.Wanted.Contains(reason, StringComparison.Ordinal));
    }

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static PrivacyCost Half() => new(_total.NanoRho / 2, _total.AttoDelta / 2);

    private static Dataset Dataset(TestRoom room, string name) => room.State.Active!.FindDataset(name)!;
}
