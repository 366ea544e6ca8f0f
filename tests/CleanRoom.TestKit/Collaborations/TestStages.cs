using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>One room as it grows from row 0 to a receipt. Each stage is made once; tests branch off.</summary>
public static class TestStages
{
    /// <summary>Gets row 0 and everybody's delegation.</summary>
    public static TestRoom Peopled { get; } = People(TestContracts.First);

    /// <summary>Gets the room after all have signed version 1.</summary>
    public static TestRoom Active { get; } = SignAll(Peopled, TestContracts.First);

    /// <summary>Gets the room with the data of registry and laboratory taken in.</summary>
    public static TestRoom Supplied { get; } = Supply(Supply(Active, "registry.people", TestPeople.Ada), "laboratory.tests", TestPeople.Lea);

    /// <summary>Gets the question.</summary>
    public static Query Question { get; } = Supplied.Query();

    /// <summary>Gets the verdict on the question.</summary>
    public static Verdict Verdict { get; } = Supplied.Verdict(Question);

    /// <summary>Gets the room with question and verdict.</summary>
    public static TestRoom Asked { get; } = Ask(Supplied, Question);

    /// <summary>Gets the room after the registry and two people of the laboratory said yes.</summary>
    public static TestRoom Approved { get; } = Approve(Asked, Question, Verdict);

    /// <summary>Gets the room with the first run charged.</summary>
    public static TestRoom Charged { get; } = Approved.Append(Approved.ByNode(Approved.Charge(Question, Verdict)));

    /// <summary>Gets the room with the answer.</summary>
    public static TestRoom Answered { get; } = Charged.Append(Charged.ByNode(Charged.Result(Question)));

    /// <summary>Gets the room with the receipt.</summary>
    public static TestRoom Receipted { get; } = Answered.Append(Answered.ByNode(Answered.Receipt(Question)));

    /// <summary>Founds a room and lets everybody in.</summary>
    public static TestRoom People(Contract contract) => TestRoom.Found(contract).Append([.. TestPeople.All.Select(member => member.Delegate())]);

    /// <summary>Signs a version for the three collaborators, twice for the laboratory.</summary>
    public static TestRoom SignAll(TestRoom room, Contract contract) => room.Append(
        [.. new[] { TestPeople.Ada, TestPeople.Lea, TestPeople.Leo, TestPeople.Hal }.Select(member => member.Sign(contract))]);

    /// <summary>Brings the next version of a dataset.</summary>
    public static TestRoom Supply(TestRoom room, string dataset, TestMember owner)
    {
        var manifest = room.Manifest(dataset, room.State.CurrentDataset(dataset));
        return room.Append(owner.Sign(manifest), owner.Sign(room.Grant(manifest)), room.ByNode(room.Ingest(manifest)));
    }

    /// <summary>Appends a question of the hospital with its verdict; the ledger holds a verdict once.</summary>
    public static TestRoom Ask(TestRoom room, Query query)
    {
        var verdict = room.Verdict(query);
        var asked = room.Append(TestPeople.Hana.Sign(query));
        return room.State.Verdicts.ContainsKey(DocumentCodec.DigestOf(verdict)) ? asked : asked.Append(room.ByNode(verdict));
    }

    /// <summary>Appends the approvals that the question needs.</summary>
    public static TestRoom Approve(TestRoom room, Query query, Verdict verdict) => room.Append(
        TestPeople.Ada.Sign(room.Approval(query, verdict, "ada")),
        TestPeople.Lea.Sign(room.Approval(query, verdict, "lea")),
        TestPeople.Leo.Sign(room.Approval(query, verdict, "leo")));

    /// <summary>Asks, and lets the laboratory's two people approve: what is left is the registry's.</summary>
    public static TestRoom AskAndApproveForLaboratory(TestRoom room, Query query)
    {
        var asked = Ask(room, query);
        var verdict = asked.Verdict(query);
        return asked.Append(
            TestPeople.Lea.Sign(asked.Approval(query, verdict, $"lea {query.Nonce}")),
            TestPeople.Leo.Sign(asked.Approval(query, verdict, $"leo {query.Nonce}")));
    }

    /// <summary>Charges and answers the next run of a question.</summary>
    public static TestRoom Run(TestRoom room, Query query, Verdict verdict, int run)
    {
        var charged = room.Append(room.ByNode(room.Charge(query, verdict, run)));
        return charged.Append(charged.ByNode(charged.Result(query)));
    }

    /// <summary>Returns a statement with two bytes of its signature changed.</summary>
    public static Envelope Forge(Envelope envelope)
    {
        var sig = envelope.Signatures[0].Sig.ToArray();
        sig[20] ^= 1;
        sig[50] ^= 1;
        return envelope with { Signatures = [envelope.Signatures[0] with { Sig = new(sig) }] };
    }
}
