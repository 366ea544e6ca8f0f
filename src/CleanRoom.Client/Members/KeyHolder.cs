using System.Text.RegularExpressions;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Members;

/// <summary>Whose key is meant.</summary>
/// <param name="Collaborator">The collaborator's id.</param>
/// <param name="Member">The member's name in it; null for the collaborator's root key.</param>
public sealed partial record KeyHolder(string Collaborator, string? Member)
{
    /// <summary>Reads <c>COLLABORATOR/MEMBER</c>.</summary>
    public static Result<KeyHolder> ParseMember(string text)
    {
        var parts = text.Split('/');
        var holder = parts is [var collaborator, var member] ? new KeyHolder(collaborator, member) : new KeyHolder(text, text);
        return holder.WhyNotNamed() is { } refusal ? refusal : holder;
    }

    /// <summary>Says why the names are none: they become file names.</summary>
    public Refusal? WhyNotNamed() => CollaboratorName().IsMatch(Collaborator) && (Member is null || MemberName().IsMatch(Member))
        ? null
        : new(
            RefusalCode.DocumentInvalid,
            "a collaborator of the form [a-z][a-z0-9_]{0,30} and a member of the form [a-z][a-z0-9_.-]{0,62}, as COLLABORATOR/MEMBER",
            "another name");

    /// <inheritdoc/>
    public override string ToString() => Member is null ? $"{Collaborator} (root key)" : $"{Collaborator}/{Member}";

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,30}\z")]
    private static partial Regex CollaboratorName();

    [GeneratedRegex(@"\A[a-z][a-z0-9_.-]{0,62}\z")]
    private static partial Regex MemberName();
}
