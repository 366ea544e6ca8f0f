using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>A kind of statement that a member signs, in a room that is ready for it.</summary>
/// <param name="Room">The room; it accepts the statement.</param>
/// <param name="Signer">Who signs it.</param>
/// <param name="Roles">The roles of which the signer needs one.</param>
/// <param name="WrongRole">The refusal to the signer's colleague without the role.</param>
/// <param name="Make">Makes the statement for the room.</param>
/// <param name="Elsewhere">The same statement for another collaboration; null when it names none.</param>
/// <param name="Otherwise">The same statement under another contract version; null when it names none.</param>
internal sealed record MemberStatement(
    TestRoom Room,
    TestMember Signer,
    ImmutableArray<MemberRole> Roles,
    RefusalCode WrongRole,
    Func<TestRoom, Document> Make,
    Func<Document, Document>? Elsewhere,
    Func<Document, Document>? Otherwise)
{
    private const string Other = "0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly Digest _other = Digest.Of("another contract"u8);

    private static readonly TestRoom _suspended = TestStages.Active.Append(Leo.Sign(TestStages.Active.Suspend()));

    /// <summary>Every kind, by name.</summary>
    public static ImmutableSortedDictionary<string, MemberStatement> All { get; } = new Dictionary<string, MemberStatement>(StringComparer.Ordinal)
    {
        ["contract"] = new(
            TestStages.Peopled, Ada, [MemberRole.Admin, MemberRole.Owner], RefusalCode.RoleMissing, _ => TestContracts.First, null, null),
        ["manifest"] = new(
            TestStages.Active, Ada, [MemberRole.Owner], RefusalCode.RoleMissing, room => room.Manifest("registry.people"),
            document => (DatasetManifest)document with { Collaboration = Other },
            document => (DatasetManifest)document with { ContractDigest = _other }),
        ["grant"] = new(
            TestStages.Active.Append(Ada.Sign(TestStages.Active.Manifest("registry.people"))), Ada, [MemberRole.Owner], RefusalCode.RoleMissing,
            room => room.Grant(room.Manifest("registry.people")),
            document => (KeyGrant)document with { Collaboration = Other },
            document => (KeyGrant)document with { ContractDigest = _other }),
        ["query"] = new(
            TestStages.Supplied, Hana, [MemberRole.Analyst], RefusalCode.RoleMissing, room => room.Query(),
            document => (Query)document with { Collaboration = Other },
            document => (Query)document with { ContractDigest = _other }),
        ["approval"] = new(
            TestStages.Asked, Ada, [MemberRole.Approver, MemberRole.Owner], RefusalCode.RoleMissing,
            room => room.Approval(TestStages.Question, TestStages.Verdict),
            document => (Approval)document with { Collaboration = Other },
            document => (Approval)document with { ContractDigest = _other }),
        ["cancellation"] = new(
            TestStages.Asked, Ada, [MemberRole.Owner], RefusalCode.NotPermitted, room => room.Cancel(TestStages.Question),
            document => (Cancellation)document with { Collaboration = Other }, null),
        ["suspend"] = new(
            TestStages.Active, Leo, [MemberRole.Admin, MemberRole.Owner], RefusalCode.RoleMissing, room => room.Suspend(),
            document => (Suspend)document with { Collaboration = Other },
            document => (Suspend)document with { ContractDigest = _other }),
        ["resume"] = new(
            _suspended, Hal, [MemberRole.Admin, MemberRole.Owner], RefusalCode.RoleMissing, room => room.Resume(),
            document => (Resume)document with { Collaboration = Other },
            document => (Resume)document with { ContractDigest = _other }),
        ["terminate"] = new(
            TestStages.Active, Hal, [MemberRole.Admin, MemberRole.Owner], RefusalCode.RoleMissing, room => room.Terminate(),
            document => (Terminate)document with { Collaboration = Other },
            document => (Terminate)document with { ContractDigest = _other }),
        ["revocation of a query"] = new(
            TestStages.Asked, Ada, [MemberRole.Owner], RefusalCode.NotPermitted,
            room => room.Revoke(RevocationKind.Query, DocumentCodec.DigestOf(TestStages.Question).ToString()),
            document => (Revocation)document with { Collaboration = Other }, null),
        ["revocation of a dataset"] = new(
            TestStages.Supplied, Ada, [MemberRole.Owner], RefusalCode.NotPermitted,
            room => room.Revoke(RevocationKind.Dataset, TestStages.Question.Inputs[0].ManifestDigest.ToString()),
            document => (Revocation)document with { Collaboration = Other }, null),
        ["revocation of a measurement"] = new(
            TestStages.Active, Hal, [MemberRole.Owner], RefusalCode.RoleMissing,
            room => room.Revoke(RevocationKind.Measurement, room.State.Nodes[room.Node.Key.Id].Measurement),
            document => (Revocation)document with { Collaboration = Other }, null),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Gets the names of all kinds.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Gets the names of the kinds that name a collaboration.</summary>
    public static TheoryData<string> NamesWithCollaboration => [.. All.Where(pair => pair.Value.Elsewhere is not null).Select(pair => pair.Key)];

    /// <summary>Gets the names of the kinds that name a contract version.</summary>
    public static TheoryData<string> NamesWithContract => [.. All.Where(pair => pair.Value.Otherwise is not null).Select(pair => pair.Key)];
}
