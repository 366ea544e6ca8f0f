using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>Proposals and signatures. Every signature is over the contract's own bytes; the first one is the proposal.</summary>
internal static class ContractFold
{
    public static Result<CollaborationState> Apply(FoldInput input, Contract contract)
    {
        var digest = input.PayloadDigest;
        return input.State.Contracts.TryGetValue(digest, out var known)
            ? Sign(input, known)
            : Propose(input, contract, digest);
    }

    private static Result<CollaborationState> Propose(FoldInput input, Contract contract, Digest digest)
    {
        if (ContractRules.Check(contract) is { IsEmpty: false } problems)
        {
            return problems;
        }

        if (!Limits(input.Services.Limits, contract).TryGet(out var limits, out var unspendable))
        {
            return unspendable;
        }

        var proposal = new ContractState(contract, digest, input.Row.Envelope with { Signatures = [] }, input.Sequence) { Limits = limits };
        if ((WrongSuccession(input.State, contract, digest) ?? WhyTooLate(input, contract) ?? SharedKey(input.State, proposal)) is { } wrong)
        {
            return wrong;
        }

        if (input.State.Active is { } before && ContractRules.CheckAmendment(before.Contract, contract) is { IsEmpty: false } amendment)
        {
            return amendment;
        }

        var isFirst = input.State.Contracts.IsEmpty;
        return AddSignature(input, proposal).Then(state => isFirst
            ? NodeFold.AppraiseGenesis(input with { State = state with { Members = MemberFold.OfContract(state, proposal) } }, contract)
            : state);
    }

    private static Result<CollaborationState> Sign(FoldInput input, ContractState proposal)
    {
        if (proposal.ActiveFrom is not null)
        {
            return new Refusal(RefusalCode.ContractConflict, "a proposal that still needs signatures", $"version {proposal.Contract.Version}, signed by all");
        }

        if (proposal.Contract.Previous != input.State.ActiveContract)
        {
            return new Refusal(
                RefusalCode.ContractConflict,
                $"a successor of the contract in force, {input.State.ActiveContract?.Abbreviated}",
                $"a proposal that another version {proposal.Contract.Version} has overtaken");
        }

        return WhyTooLate(input, proposal.Contract) is { } late ? late : AddSignature(input, proposal);
    }

    private static Result<CollaborationState> AddSignature(FoldInput input, ContractState proposal) => input.SigningMember().Then<CollaborationState>(member =>
    {
        var previous = input.State.Active;
        if (!proposal.IsMember(member) && previous?.IsMember(member) != true)
        {
            return new Refusal(RefusalCode.NotPermitted, "a member of a collaborator of the contract", member.Name);
        }

        if (!member.Has(MemberRole.Admin, MemberRole.Owner))
        {
            return new Refusal(RefusalCode.RoleMissing, "role admin or owner", member.Name);
        }

        var signed = proposal with
        {
            SignedBy = proposal.SignedBy.Add(input.Row.Envelope.Signatures[0].KeyId),
            Envelope = proposal.Envelope with { Signatures = [.. proposal.Envelope.Signatures, .. input.Row.Envelope.Signatures] },
        };
        return IsComplete(input.State, signed, previous)
            ? Activate(input, signed, previous)
            : input.State with { Contracts = input.State.Contracts.SetItem(signed.Digest, signed) };
    });

    private static bool IsComplete(CollaborationState state, ContractState proposal, ContractState? previous) =>
        RequiredSigners.Of(previous?.Contract, proposal.Contract).All(required =>
        {
            var wanted = Math.Max(proposal.QuorumOf(required.Id), previous?.QuorumOf(required.Id) ?? 1);
            var got = proposal.SignedBy.Select(keyId => state.Members[keyId])
                .Where(member => member.RevokedSequence is null)
                .Select(member => member.Delegation)
                .Where(delegation => delegation.Collaborator == required.Id && delegation.RootKey == required.RootKey)
                .Select(delegation => delegation.Member)
                .Distinct(StringComparer.Ordinal)
                .Count();
            return got >= wanted;
        });

    private static CollaborationState Activate(FoldInput input, ContractState signed, ContractState? previous)
    {
        var active = signed with { ActiveFrom = input.Sequence };
        var carried = signed.Contract.CarriesOver.Select(c => c.ManifestDigest).ToImmutableHashSet();
        var lapsed = previous is null
            ? input.State.Datasets
            : input.State.Datasets.SetItems(input.State.Datasets.Values
                .Where(dataset => dataset.WithdrawnSequence is null && !carried.Contains(dataset.Digest))
                .Select(dataset => KeyValuePair.Create(dataset.Digest, dataset with { WithdrawnSequence = input.Sequence })));
        return input.State with
        {
            Contracts = input.State.Contracts.SetItem(active.Digest, active),
            ActiveContract = active.Digest,
            Datasets = lapsed,
            Nodes = previous is null ? input.State.Nodes : NodeFold.Reappraise(input, signed.Contract),

            // A vote names a version: what was said of the one before is not said of this one.
            TerminateVotes = input.State.TerminateVotes.Clear(),
            Suspension = input.State.Suspension is { } standing ? standing with { ResumeVotes = standing.ResumeVotes.Clear() } : null,
        };
    }

    /// <summary>The end of the contract in force is the end of the collaboration: nothing succeeds it after that.</summary>
    private static Refusal? WhyTooLate(FoldInput input, Contract contract)
    {
        var end = input.State.Active is { } active && active.Contract.Expires < contract.Expires ? active.Contract.Expires : contract.Expires;
        return input.Time < end ? null : new(RefusalCode.ContractExpired, $"a time before {end}", $"{input.Time}");
    }

    /// <summary>A member whose key is a collaborator's root key would be two signers in one.</summary>
    private static Refusal? SharedKey(CollaborationState state, ContractState proposal)
    {
        var roots = proposal.Contract.Collaborators.Select(collaborator => collaborator.RootKey).ToHashSet();
        var shared = state.Members.Values.FirstOrDefault(member =>
            roots.Contains(member.Delegation.Sign.PublicKey) && (proposal.IsMember(member) || state.Active?.IsMember(member) == true));
        return shared is null ? null : new(RefusalCode.NotPermitted, "root keys that are no member's sign key", $"the key of {shared.Name}");
    }

    private static Refusal? WrongSuccession(CollaborationState state, Contract contract, Digest digest)
    {
        if (state.Contracts.IsEmpty)
        {
            return digest == state.Genesis!.ContractDigest
                ? null
                : new(RefusalCode.ContractConflict, $"the contract that row 0 names, {state.Genesis.ContractDigest.Abbreviated}", digest.Abbreviated);
        }

        if (state.Active is not { } active)
        {
            return new(RefusalCode.ContractConflict, "signatures on the first version, before another is proposed", $"version {contract.Version}");
        }

        if (contract.Id != active.Contract.Id || contract.Version != active.Contract.Version + 1 || contract.Previous != active.Digest)
        {
            return new(
                RefusalCode.ContractConflict,
                $"version {active.Contract.Version + 1} of {active.Contract.Id}, previous {active.Digest.Abbreviated}",
                $"version {contract.Version} of {contract.Id}, previous {contract.Previous?.Abbreviated ?? "none"}");
        }

        return contract.CarriesOver.FirstOrDefault(c => !Carries(state, c)) is { } foreign
            ? new(RefusalCode.DatasetUnknown, $"a usable version of {foreign.Dataset} to carry over", foreign.ManifestDigest.Abbreviated)
            : null;
    }

    private static bool Carries(CollaborationState state, CarriedDataset carried) =>
        state.Datasets.TryGetValue(carried.ManifestDigest, out var dataset) && dataset.IsUsable && dataset.Manifest.Dataset == carried.Dataset;

    /// <summary>The budgets of the datasets of tier dp; a contract with one that cannot be spent is refused.</summary>
    private static Result<ImmutableDictionary<string, PrivacyLimit>> Limits(IPrivacyLimits service, Contract contract)
    {
        var limits = ImmutableDictionary.CreateBuilder<string, PrivacyLimit>(StringComparer.Ordinal);
        foreach (var dataset in contract.Datasets)
        {
            if (dataset.Policy.Dp is not { } rules)
            {
                continue;
            }

            if (!service.Of(rules).TryGet(out var limit, out var refusals))
            {
                return refusals;
            }

            limits.Add(dataset.SqlName, limit);
        }

        return limits.ToImmutable();
    }
}
