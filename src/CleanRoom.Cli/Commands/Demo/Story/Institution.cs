using System.Collections.Immutable;
using CleanRoom.Client.Members;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>One institution of the story: a root key and two people, a steward who owns and approves, and an analyst who asks and receives.</summary>
internal sealed class Institution : IDisposable
{
    private static readonly TimeSpan _delegated = TimeSpan.FromDays(365);

    private static readonly ImmutableArray<MemberRole> _stewardRoles =
        [MemberRole.Admin, MemberRole.Owner, MemberRole.Approver, MemberRole.Auditor];

    private static readonly ImmutableArray<MemberRole> _analystRoles = [MemberRole.Analyst, MemberRole.Receiver];

    private readonly ISigningKey _root;

    private Institution(string id, string name, ISigningKey root, Person steward, Person analyst) =>
        (Id, Name, _root, Steward, Analyst) = (id, name, root, steward, analyst);

    /// <summary>Gets the collaborator's id.</summary>
    public string Id { get; }

    /// <summary>Gets the name that people read.</summary>
    public string Name { get; }

    /// <summary>Gets the public root key, which the contract names.</summary>
    public Bytes RootKey => _root.PublicKey;

    /// <summary>Gets who owns the data, signs contracts, approves and witnesses.</summary>
    public Person Steward { get; }

    /// <summary>Gets who asks and opens answers.</summary>
    public Person Analyst { get; }

    /// <summary>Gets the delegations of both people.</summary>
    public ImmutableArray<Envelope> Delegations => [Steward.Delegation, Analyst.Delegation];

    /// <summary>Makes the keys of an institution and delegates to its people.</summary>
    public static async Task<Institution> CreateAsync(
        ICryptoBackend backend, Collaborator collaborator, Timestamp now, CancellationToken cancellationToken)
    {
        var root = await backend.GenerateSigningKeyAsync(cancellationToken);
        var steward = await DelegateAsync(backend, root, collaborator.Id, collaborator.Name, "steward", _stewardRoles, now, cancellationToken);
        var analyst = await DelegateAsync(backend, root, collaborator.Id, collaborator.Name, "analyst", _analystRoles, now, cancellationToken);
        return new Institution(collaborator.Id, collaborator.Name, root, steward, analyst);
    }

    /// <summary>Makes the keys of one more analyst and delegates to it.</summary>
    public Task<Person> HireAsync(ICryptoBackend backend, string member, Timestamp now, CancellationToken cancellationToken) =>
        DelegateAsync(backend, _root, Id, Name, member, _analystRoles, now, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Steward.Identity.Keys.Dispose();
        Analyst.Identity.Keys.Dispose();
        _root.Dispose();
    }

    private static async Task<Person> DelegateAsync(
        ICryptoBackend backend, ISigningKey root, string id, string name, string member, ImmutableArray<MemberRole> roles, Timestamp now, CancellationToken cancellationToken)
    {
        using var secrets = MemberSecrets.Generate();
        var keys = await MemberKeys.ImportAsync(backend, secrets, cancellationToken);
        var terms = new DelegationTerms
        {
            Collaborator = id,
            Member = member,
            DisplayName = $"{name}, {member}",
            Card = MemberCard.Of(keys),
            Roles = roles,
            NotBefore = now,
            Expires = now.Plus(_delegated),
        };
        return new Person(new MemberIdentity(id, member, keys), await RootStatements.DelegateAsync(root, terms, cancellationToken), new DemoMemory());
    }
}

/// <summary>One person of the story.</summary>
/// <param name="Identity">Who it is, with its keys.</param>
/// <param name="Delegation">Why the others believe it.</param>
/// <param name="Memory">What it remembers of the room.</param>
internal sealed record Person(MemberIdentity Identity, Envelope Delegation, DemoMemory Memory)
{
    private RoomClient? _room;

    /// <summary>Gets the room as this person has verified it.</summary>
    public RoomClient Room
    {
        get => _room ?? throw new InvalidOperationException("the story opens rooms before it uses them");
        set => _room = value;
    }
}
