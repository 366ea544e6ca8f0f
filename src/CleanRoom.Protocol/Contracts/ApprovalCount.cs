using System.Collections.Immutable;

namespace CleanRoom.Protocol.Contracts;

/// <summary>Counts approvals against needs so that one person never counts twice. Spec: contracts/spec/0002 s.6.</summary>
public static class ApprovalCount
{
    /// <summary>Returns what is still missing: each collaborator that lacks approvals, with the number of members that it lacks.</summary>
    /// <param name="needs">From <see cref="RequiredApprovers.Of"/>, without those that a standing approval covers.</param>
    /// <param name="author">Who signed the query.</param>
    /// <param name="approvals">Who approved, each with a verified signature and the role approver at that moment.</param>
    /// <remarks>
    /// The author never counts for another collaborator, and a key that signs for two collaborators counts for none of them.
    /// Within a collaborator a member counts once, and so does a key.
    /// </remarks>
    public static ImmutableArray<MissingApproval> Missing(
        IEnumerable<ApproverNeed> needs, Signatory author, IReadOnlyCollection<Signatory> approvals)
    {
        ArgumentNullException.ThrowIfNull(needs);
        ArgumentNullException.ThrowIfNull(author);
        ArgumentNullException.ThrowIfNull(approvals);
        var shared = approvals.Append(author)
            .GroupBy(signatory => signatory.SignKey)
            .Where(group => group.Select(signatory => signatory.Collaborator).Distinct(StringComparer.Ordinal).Count() > 1)
            .Select(group => group.Key)
            .ToHashSet();
        return [.. needs
            .Select(need => new MissingApproval(need.Collaborator, need.Members - People(approvals, need.Collaborator, shared)))
            .Where(missing => missing.Members > 0)];
    }

    // Two signatures are one person's when they share the member's name or the key, directly or through a third.
    private static int People(IEnumerable<Signatory> approvals, string collaborator, HashSet<Bytes> shared)
    {
        var people = new List<List<Signatory>>();
        foreach (var one in approvals.Where(signatory => signatory.Collaborator == collaborator && !shared.Contains(signatory.SignKey)))
        {
            var same = people.Where(person => person.Exists(one.IsSamePersonAs)).ToList();
            people.RemoveAll(same.Contains);
            people.Add([one, .. same.SelectMany(person => person)]);
        }

        return people.Count;
    }
}

/// <summary>A person who signed: for whom, under which name, with which key.</summary>
/// <param name="Collaborator">The collaborator's id.</param>
/// <param name="Member">The member's name in that collaborator.</param>
/// <param name="SignKey">The public key of the delegation that was in force.</param>
public sealed record Signatory(string Collaborator, string Member, Bytes SignKey)
{
    /// <summary>Says whether two signatures are one person's: by the same key, or by the same member of a collaborator.</summary>
    public bool IsSamePersonAs(Signatory other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return SignKey == other.SignKey || (Collaborator == other.Collaborator && Member == other.Member);
    }
}

/// <summary>A collaborator that lacks approvals.</summary>
/// <param name="Collaborator">The collaborator's id.</param>
/// <param name="Members">The number of different members that must still approve, from 1.</param>
public sealed record MissingApproval(string Collaborator, int Members);
