using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Rooms in which the registry's people are of the tier dp.</summary>
internal static class PrivateRooms
{
    public const string People = "registry.people";

    public static Contract Contract(DpRules rules) => TestContracts.First with
    {
        Datasets =
        [
            .. TestContracts.First.Datasets.Select(dataset => dataset.SqlName != People ? dataset : dataset with
            {
                Policy = dataset.Policy with { Tier = PolicyTier.Dp, Dp = rules, Access = new AccessRules { QueriesPerDay = 50, QueriesLifetime = 1000 } },
            }),
        ],
    };

    public static TestRoom Active(Contract contract) => TestStages.SignAll(TestStages.People(contract), contract);

    public static TestRoom Supplied(DpRules rules) =>
        TestStages.Supply(TestStages.Supply(Active(Contract(rules)), People, Ada), "laboratory.tests", Lea);

    private static Verdict Verdict(TestRoom room, Query query, PrivacyCost cost)
    {
        var verdict = room.Verdict(query);
        return verdict with
        {
            Budget = [.. verdict.Budget.Select(charge => charge.Owner == "registry" ? charge with { NanoRho = cost.NanoRho, AttoDelta = cost.AttoDelta } : charge)],
        };
    }

    /// <summary>A question with a verdict of the given cost to the registry, approved by everyone.</summary>
    public static (TestRoom Room, Query Query, Verdict Verdict) Approved(TestRoom room, PrivacyCost cost, string name = "question", params string[] inputs)
    {
        var question = TestStages.Question with
        {
            Collaboration = room.State.Collaboration,
            ContractDigest = room.State.Active!.Digest,
            NotBefore = room.Now,
            Expires = room.Now.Plus(TimeSpan.FromDays(30)),
            Nonce = TestRandom.Nonce(name),
        };
        var query = question with { Inputs = [.. (inputs is [] ? [People, "laboratory.tests"] : inputs).Select(room.Input)] };
        var verdict = Verdict(room, query, cost);
        var asked = room.Append(Hana.Sign(query));
        asked = room.State.Verdicts.ContainsKey(DocumentCodec.DigestOf(verdict)) ? asked : asked.Append(room.ByNode(verdict));
        asked = asked.Append(Ada.Sign(asked.Approval(query, verdict, $"ada {name}")));
        return (inputs is [] ? asked.Append(Lea.Sign(asked.Approval(query, verdict, $"lea {name}")), Leo.Sign(asked.Approval(query, verdict, $"leo {name}"))) : asked, query, verdict);
    }
}
