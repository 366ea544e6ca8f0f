using System.Numerics;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>What every statement of a member has to get right, whatever its kind.</summary>
public sealed class MemberStatementTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_its_signer_is_accepted(string kind)
    {
        var statement = MemberStatement.All[kind];

        statement.Room.Accepts(statement.Signer.Sign(statement.Make(statement.Room)));
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_a_colleague_with_one_of_the_roles_is_accepted(string kind)
    {
        var statement = MemberStatement.All[kind];
        foreach (var role in statement.Roles)
        {
            var colleague = TestMember.Of(statement.Signer.Collaborator, "colleague", role);
            var room = statement.Room.Append(colleague.Delegate());

            room.Accepts(colleague.Sign(statement.Make(room)), role.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_without_a_signature_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var signed = statement.Signer.Sign(statement.Make(statement.Room));

        statement.Room.Refuses(signed with { Signatures = [] }, RefusalCode.SignatureMissing);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_with_two_signatures_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var document = statement.Make(statement.Room);
        var signed = statement.Signer.Sign(document);

        statement.Room.Refuses(
            signed with { Signatures = [.. signed.Signatures, .. TestPeople.Hugo.Sign(document).Signatures] }, RefusalCode.SignatureMissing);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_with_a_forged_signature_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];

        statement.Room.Refuses(TestStages.Forge(statement.Signer.Sign(statement.Make(statement.Room))), RefusalCode.SignatureInvalid);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_that_names_the_signer_and_is_signed_by_another_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var document = statement.Make(statement.Room);
        var signature = TestPeople.Hugo.Sign(document).Signatures[0] with { KeyId = statement.Signer.Key.Id };

        statement.Room.Refuses(statement.Signer.Sign(document) with { Signatures = [signature] }, RefusalCode.SignatureInvalid);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_a_key_that_nobody_delegated_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];

        statement.Room.Refuses(Es256TestKey.Named("stranger").Sign(statement.Make(statement.Room)), RefusalCode.SignatureUnknownKey);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_the_root_key_itself_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];

        statement.Room.Refuses(statement.Signer.Root.Sign(statement.Make(statement.Room)), RefusalCode.SignatureUnknownKey);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_the_node_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];

        statement.Room.Refuses(statement.Room.ByNode(statement.Make(statement.Room)), RefusalCode.SignatureUnknownKey);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_an_expired_member_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var colleague = TestMember.Of(statement.Signer.Collaborator, "colleague", statement.Roles);
        var delegation = colleague.Delegation with { Expires = statement.Room.Now.Plus(_minute) };
        var room = statement.Room.Append(colleague.Root.Sign(delegation)).At(delegation.Expires);

        room.Refuses(colleague.Sign(statement.Make(room)), RefusalCode.MemberExpired);
        room.At(delegation.Expires.Plus(TimeSpan.FromMilliseconds(-1))).Accepts(colleague.Sign(statement.Make(room.At(statement.Room.Now))));
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_a_member_whose_delegation_has_not_begun_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var colleague = TestMember.Of(statement.Signer.Collaborator, "colleague", statement.Roles);
        var room = statement.Room.Append(colleague.Root.Sign(colleague.Delegation with { NotBefore = statement.Room.Now.Plus(_minute) }));

        room.Refuses(colleague.Sign(statement.Make(room)), RefusalCode.MemberExpired);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_a_revoked_member_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var colleague = TestMember.Of(statement.Signer.Collaborator, "colleague", statement.Roles);
        var room = statement.Room.Append(colleague.Delegate(), colleague.Revoke());

        room.Refuses(colleague.Sign(statement.Make(room)), RefusalCode.MemberRevoked);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_by_a_colleague_without_the_role_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var colleague = TestMember.Of(
            statement.Signer.Collaborator, "colleague", [.. Enum.GetValues<MemberRole>().Except(statement.Roles)]);
        var room = statement.Room.Append(colleague.Delegate());

        room.Refuses(colleague.Sign(statement.Make(room)), statement.WrongRole);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_twice_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var signed = statement.Signer.Sign(statement.Make(statement.Room));

        statement.Room.Append(signed).Refuses(signed, RefusalCode.Replayed);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_with_the_other_valid_signature_of_the_same_key_is_a_replay(string kind)
    {
        var statement = MemberStatement.All[kind];
        var document = statement.Make(statement.Room);
        var signed = statement.Signer.Sign(document);
        var twin = signed with { Signatures = [signed.Signatures[0] with { Sig = Twin(signed.Signatures[0].Sig) }] };

        statement.Room.Accepts(twin, "(r, n - s) is valid where (r, s) is");
        statement.Room.Append(signed).Refuses(twin, RefusalCode.Replayed);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_under_another_payload_type_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var payload = DocumentCodec.Encode(statement.Make(statement.Room));

        statement.Room.Refuses(statement.Signer.Key.Sign("application/vnd.cleanroom.other.v1+json", payload), RefusalCode.EnvelopeInvalid);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.NamesWithCollaboration), MemberType = typeof(MemberStatement))]
    public void Statement_for_another_collaboration_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];

        statement.Room.Refuses(statement.Signer.Sign(statement.Elsewhere!(statement.Make(statement.Room))), RefusalCode.NotPermitted);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.NamesWithContract), MemberType = typeof(MemberStatement))]
    public void Statement_under_another_contract_version_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];

        statement.Room.Refuses(statement.Signer.Sign(statement.Otherwise!(statement.Make(statement.Room))), RefusalCode.ContractConflict);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_in_row_0_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];

        TestRoom.Empty.Refuses(statement.Signer.Sign(statement.Make(statement.Room)), RefusalCode.RowInvalid);
    }

    [Theory]
    [MemberData(nameof(MemberStatement.Names), MemberType = typeof(MemberStatement))]
    public void Statement_after_all_voted_to_terminate_is_refused(string kind)
    {
        var statement = MemberStatement.All[kind];
        var signed = statement.Signer.Sign(statement.Make(statement.Room));
        var before = statement.Room.State.Active is null ? TestStages.Active : statement.Room;

        ControlFoldTests.Ended(before).Refuses(
            statement.Room.State.Active is null ? TestPeople.Ada.Sign(TestContracts.Next(TestContracts.First)) : signed, RefusalCode.Terminated);
    }

    private static Bytes Twin(Bytes signature)
    {
        var order = BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", System.Globalization.NumberStyles.HexNumber, null);
        var s = new BigInteger(signature.Span[32..], isUnsigned: true, isBigEndian: true);
        var twin = (order - s).ToByteArray(isUnsigned: true, isBigEndian: true);
        return new Bytes([.. signature.Span[..32], .. new byte[32 - twin.Length], .. twin]);
    }
}
