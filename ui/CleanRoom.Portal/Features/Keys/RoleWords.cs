using System.Collections.Immutable;
using CleanRoom.Portal.Texts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Portal.Features.Keys;

/// <summary>Roles in words.</summary>
internal static class RoleWords
{
    /// <summary>Gets every role, in the order of the contract.</summary>
    public static ImmutableArray<MemberRole> All { get; } =
        [MemberRole.Admin, MemberRole.Owner, MemberRole.Analyst, MemberRole.Approver, MemberRole.Receiver, MemberRole.Auditor];

    /// <summary>Returns the name of a role.</summary>
    public static string Of(MemberRole role) => PortalText.Of($"role.{role.ToString().ToLowerInvariant()}");

    /// <summary>Returns the names of roles.</summary>
    public static string Of(ImmutableArray<MemberRole> roles) => string.Join(", ", roles.Order().Select(Of));
}
