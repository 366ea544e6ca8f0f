using CleanRoom.Client.Budgets;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Members;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Node.Tests.Client.Support;

/// <summary>A collaborator's root key and one member with every role, who remembers.</summary>
internal sealed class FakeMember
{
    private FakeMember(ISigningKey root, MemberIdentity identity, Envelope delegation) => (Root, Identity, Delegation) = (root, identity, delegation);

    public ISigningKey Root { get; }

    public MemberIdentity Identity { get; }

    public Envelope Delegation { get; }

    public FakeMemory Memory { get; set; } = new();

    public static async Task<FakeMember> MakeAsync(string collaborator, Timestamp from)
    {
        var backend = new BclCryptoBackend();
        using var secrets = MemberSecrets.Generate();
        var keys = await MemberKeys.ImportAsync(backend, secrets, CancellationToken.None);
        var root = await backend.GenerateSigningKeyAsync(CancellationToken.None);
        var terms = new DelegationTerms
        {
            Collaborator = collaborator,
            Member = "ada",
            DisplayName = "Ada",
            Card = MemberCard.Of(keys),
            Roles = [MemberRole.Admin, MemberRole.Owner, MemberRole.Analyst, MemberRole.Approver, MemberRole.Receiver, MemberRole.Auditor],
            NotBefore = from,
            Expires = from.Plus(TimeSpan.FromDays(365)),
        };
        return new FakeMember(root, new MemberIdentity(collaborator, "ada", keys), await RootStatements.DelegateAsync(root, terms, CancellationToken.None));
    }
}

/// <summary>A client's memory, in memory.</summary>
internal sealed class FakeMemory : IRoomMemory
{
    public RoomRecord? Record { get; set; }

    public Refusal? Fault { get; set; }

    public int Saves { get; private set; }

    public string BudgetLog { get; set; } = RoomBudgets.Nothing;

    public ValueTask<Result<string>> LoadBudgetLogAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(Result.Accept(BudgetLog));

    public ValueTask<Refusal?> SaveBudgetLogAsync(string name, string note, CancellationToken cancellationToken)
    {
        BudgetLog = note;
        return ValueTask.FromResult<Refusal?>(null);
    }

    public ValueTask<Result<RoomRecord>> LoadAsync(string collaboration, CancellationToken cancellationToken) => ValueTask.FromResult(
        Record is { } record ? Result.Accept(record) : new Refusal(RefusalCode.ContractNotActive, "a record", "none"));

    public ValueTask<Refusal?> SaveAsync(RoomRecord record, CancellationToken cancellationToken)
    {
        (Record, Saves) = (Fault is null ? record : Record, Saves + 1);
        return ValueTask.FromResult(Fault);
    }
}
