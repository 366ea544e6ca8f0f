using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts;

/// <summary>Computes who must sign a contract version before it is active. Spec: contracts/spec/0002 s.9.</summary>
public static class RequiredSigners
{
    /// <summary>Returns every collaborator of both versions, each under the root key that it has in its version.</summary>
    /// <param name="before">The version in force; null for version 1.</param>
    /// <param name="after">The proposed version.</param>
    /// <remarks>
    /// A collaborator that the new version leaves out, or gives another root key, signs with the old key too: the others cannot
    /// remove or replace it.
    /// </remarks>
    public static ImmutableArray<Collaborator> Of(Contract? before, Contract after)
    {
        ArgumentNullException.ThrowIfNull(after);
        return before is null
            ? after.Collaborators
            : [.. before.Collaborators.Concat(after.Collaborators).DistinctBy(collaborator => (collaborator.Id, collaborator.RootKey))];
    }
}
