using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Protocol.Recoveries;

/// <summary>Which set of shares a room ought to have, and what it has to look like. Pure. Spec: contracts/spec/0026 s.4.</summary>
public static class RecoverySets
{
    /// <summary>Length of a set's name in bytes.</summary>
    public const int NameBytes = 16;

    private const int EncapsulatedKeyBytes = 65;
    private const int SealedShareBytes = 80;

    /// <summary>Returns the members that a collaborator's share is sealed to: those who sign the contract for it, admins and owners, with a receive key; by name.</summary>
    public static ImmutableArray<MemberState> HoldersOf(CollaborationState state, string collaborator, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        return
        [
            .. state.MembersOf(collaborator, at)
                .Where(member => member.Has(MemberRole.Admin, MemberRole.Owner) && member.Delegation.ReceiveKey is not null)
                .OrderBy(member => member.Delegation.Member, StringComparer.Ordinal),
        ];
    }

    /// <summary>Returns the collaborators of a contract with <c>recovery.k</c> that have nobody to hold their share. No set is made while there is one.</summary>
    public static ImmutableArray<string> WithoutHolder(CollaborationState state, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Active is { Contract: { Recovery.K: not null } contract }
            ? [.. contract.Collaborators.Select(collaborator => collaborator.Id).Where(id => HoldersOf(state, id, at).IsEmpty)]
            : [];
    }

    /// <summary>Says whether the newest set was made under the contract in force and is sealed to everyone who may hold a share now.</summary>
    public static bool IsCurrent(CollaborationState state, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state is { Active: { } active, RecoverySet: { } newest }
            && newest.Shares.ContractDigest == active.Digest
            && newest.Shares.Shares.All(share => HoldersOf(state, share.Collaborator, at)
                .All(holder => share.Sealed.Any(one => one.Member == holder.Delegation.Member && one.ReceiveKey == holder.Delegation.ReceiveKey)));
    }

    /// <summary>Says whether a node has to make a set now: the contract asks for one, everyone can get a share, and the newest does not serve them all.</summary>
    public static bool IsDue(CollaborationState state, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.WhyNotActive(at) is null
            && state.Active!.Contract.Recovery.K is not null
            && WithoutHolder(state, at).IsEmpty
            && !IsCurrent(state, at);
    }

    /// <summary>Says why a set is not that of the contract in force and its members; null when it is.</summary>
    internal static Refusal? WhyMalformed(CollaborationState state, RecoveryShareSet shares, Timestamp at)
    {
        var contract = state.Active!.Contract;
        if (shares.K != contract.Recovery.K)
        {
            return new(RefusalCode.DocumentInvalid, $"k = {contract.Recovery.K}, as the contract says", $"k = {shares.K}");
        }

        if (shares.Set.Length != NameBytes)
        {
            return new(RefusalCode.DocumentInvalid, $"a set of {NameBytes} bytes", $"{shares.Set.Length} bytes");
        }

        if (shares.Shares.Length != contract.Collaborators.Length)
        {
            return new(RefusalCode.DocumentInvalid, $"{contract.Collaborators.Length} shares, one for each collaborator", $"{shares.Shares.Length}");
        }

        return shares.Shares.Select((share, place) => WhyMalformed(state, share, contract.Collaborators[place].Id, place + 1, at)).FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal? WhyMalformed(CollaborationState state, CollaboratorShare share, string collaborator, int index, Timestamp at)
    {
        if (share.Collaborator != collaborator || share.Index != index)
        {
            return new(RefusalCode.DocumentInvalid, $"share {index} for {collaborator}", $"share {share.Index} for another");
        }

        var holders = HoldersOf(state, collaborator, at);
        var isForAll = !holders.IsEmpty && holders.Select(holder => (holder.Delegation.Member, holder.Delegation.ReceiveKey!.Value))
            .SequenceEqual(share.Sealed.Select(one => (one.Member, one.ReceiveKey)));
        if (!isForAll)
        {
            return new(
                RefusalCode.DocumentInvalid,
                $"the share of {collaborator} for each of its admins and owners with a receive key, at least one: {string.Join(", ", holders.Select(holder => holder.Delegation.Member))}",
                $"for {share.Sealed.Length}, not the same");
        }

        return share.Sealed.FirstOrDefault(one => one.Enc.Length != EncapsulatedKeyBytes || one.Ciphertext.Length != SealedShareBytes) is { } odd
            ? new(
                RefusalCode.DocumentInvalid,
                $"an encapsulated key of {EncapsulatedKeyBytes} and a sealed share of {SealedShareBytes} bytes",
                $"{odd.Enc.Length} and {odd.Ciphertext.Length} bytes")
            : null;
    }
}
