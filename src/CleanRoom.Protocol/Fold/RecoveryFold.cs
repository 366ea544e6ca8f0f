using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Protocol.Fold;

/// <summary>Recovery shares, and the record of a room that was restored from them. Spec: contracts/spec/0026 s.4, s.7.</summary>
internal static class RecoveryFold
{
    public static Result<CollaborationState> Apply(FoldInput input, RecoveryShareSet shares)
    {
        if ((input.WrongCollaboration(shares.Collaboration) ?? input.WrongContract(shares.ContractDigest)) is { } wrong)
        {
            return wrong;
        }

        return input.SigningNode().Then<CollaborationState>(_ =>
            (WhyNotDue(input, shares) ?? RecoverySets.WhyMalformed(input.State, shares, input.Time)) is { } refusal
            ? refusal
            : input.State with { RecoverySet = new RecoverySetState(shares, input.Sequence) });
    }

    public static Result<CollaborationState> Apply(FoldInput input, Recovery recovery)
    {
        if (input.WrongCollaboration(recovery.Collaboration) is { } wrong)
        {
            return wrong;
        }

        // As with every checkpoint in a statement: proof of a rollback comes before whatever else may be wrong.
        if (!Statements(recovery).TryGet(out var statements, out var refusals))
        {
            return refusals;
        }

        foreach (var (_, statement) in statements)
        {
            if (!input.ConsistentCheckpoint(statement.Checkpoint).TryGet(out _, out refusals))
            {
                return refusals;
            }
        }

        if ((WhyNoRecovery(input, recovery) ?? WhyNotK(input.State, statements)) is { } refusal)
        {
            return refusal;
        }

        if (!input.SigningNode().TryGet(out var node, out refusals))
        {
            return refusals;
        }

        if (node.Sequence != input.Sequence - 1)
        {
            return new Refusal(RefusalCode.RowInvalid, "a recovery in the row after the node's admission", $"row {input.Sequence}, admitted in row {node.Sequence}");
        }

        for (var i = 0; i < statements.Length; i++)
        {
            if (WhyNotReleased(input, statements[i], recovery.Releases[i].Binding, node) is { } notReleased)
            {
                return notReleased;
            }
        }

        return input.State with
        {
            Recoveries = input.State.Recoveries.Add(new RecoveryState(input.Sequence, KeyId.Of(node.SigningKey.Span), [.. statements.Select(pair => pair.Statement)])),
            Seen = input.State.Seen.Union(statements.Select(pair => LedgerFold.StatementIdentity(pair.Envelope))),
        };
    }

    private static Refusal? WhyNotDue(FoldInput input, RecoveryShareSet shares)
    {
        if (input.State.Active!.Contract.Recovery.K is null)
        {
            return new(RefusalCode.NotPermitted, "a contract with recovery.k", "one without: the keys are shared with nobody");
        }

        if (input.State.RecoverySet?.Shares.Set == shares.Set)
        {
            return new(RefusalCode.Replayed, "a set of another name than the one before", "the same name");
        }

        return RecoverySets.IsCurrent(input.State, input.Time)
            ? new(RefusalCode.Stale, "a set that is needed", $"the set of row {input.State.RecoverySet!.Sequence} serves every admin and owner")
            : null;
    }

    private static Refusal? WhyNoRecovery(FoldInput input, Recovery recovery)
    {
        if (input.State.Active is not { } active || active.Digest != recovery.ContractDigest)
        {
            return new(
                RefusalCode.ContractConflict, $"the contract in force, {input.State.ActiveContract?.Abbreviated ?? "none"}", recovery.ContractDigest.Abbreviated);
        }

        if (input.Time >= active.Contract.Expires)
        {
            return new(RefusalCode.ContractExpired, $"a time before {active.Contract.Expires}", $"{input.Time}");
        }

        return input.State.RecoverySet is { } set && set.Shares.Set == recovery.Set && set.Shares.ContractDigest == active.Digest
            ? null
            : new(
                RefusalCode.Stale,
                input.State.RecoverySet is { } newest ? $"the newest set of shares, of row {newest.Sequence}" : "a set of shares in the ledger",
                "another set");
    }

    private static Refusal? WhyNotK(CollaborationState state, ImmutableArray<(Envelope Envelope, RecoveryStatement Statement)> statements)
    {
        var k = state.RecoverySet!.Shares.K;
        if (statements.Length != k)
        {
            return new(RefusalCode.NotPermitted, $"releases of {k} collaborators", $"{statements.Length}");
        }

        for (var i = 1; i < statements.Length; i++)
        {
            if (string.CompareOrdinal(statements[i - 1].Statement.Collaborator, statements[i].Statement.Collaborator) >= 0)
            {
                return new(RefusalCode.NotPermitted, "releases of different collaborators in order", $"{statements[i].Statement.Collaborator} after {statements[i - 1].Statement.Collaborator}");
            }
        }

        return null;
    }

    private static Refusal? WhyNotReleased(
        FoldInput input, (Envelope Envelope, RecoveryStatement Statement) release, Binding binding, NodeState node)
    {
        var (envelope, statement) = release;
        var (state, keyId) = (input.State, envelope.Signatures[0].KeyId);
        if (!state.Members.TryGetValue(keyId, out var member))
        {
            return new(RefusalCode.SignatureUnknownKey, "a release by a delegated member", $"key {keyId.Abbreviated}");
        }

        if (state.Seen.Contains(LedgerFold.StatementIdentity(envelope)))
        {
            return new(RefusalCode.Replayed, "a release that is not in the ledger yet", $"that of {member.Name} again");
        }

        if ((member.WhyNotValid(input.Time)
            ?? (state.Active!.IsMember(member) ? null : new Refusal(RefusalCode.NotPermitted, "a member of a collaborator of the contract in force", member.Name))
            ?? RecoveryStatements.WhyNotReleased(statement, member.Delegation, state.RecoverySet!.Shares, input.Time)) is { } refusal)
        {
            return refusal;
        }

        if (EnvelopeVerifier.Verify(envelope, envelope.Signatures[0], member.Delegation.Sign, input.Services.Signatures) is { IsAccepted: false } forged)
        {
            return forged.Refusals[0];
        }

        return WhyOtherNode(input, statement, binding, node);
    }

    private static Refusal? WhyOtherNode(FoldInput input, RecoveryStatement statement, Binding binding, NodeState node)
    {
        if (DocumentCodec.DigestOf(binding) != statement.BindingDigest)
        {
            return new(RefusalCode.BindingMismatch, $"the binding that {statement.Collaborator}/{statement.Member} released to", "another");
        }

        if (binding.Purpose != BindingPurpose.Recovery)
        {
            return new(RefusalCode.BindingMismatch, "purpose recovery", $"{binding.Purpose}");
        }

        if (binding.SigningKey != node.SigningKey || binding.SealingKey != node.Attestation.Binding.SealingKey)
        {
            return new(RefusalCode.BindingMismatch, $"a release by {statement.Collaborator}/{statement.Member} to the node that restored the room", "one to another node");
        }

        return NodeFold.CheckBinding(input.State, binding, statement.ContractDigest) is { IsAccepted: false } mismatch ? mismatch.Refusals[0] : null;
    }

    private static Result<ImmutableArray<(Envelope Envelope, RecoveryStatement Statement)>> Statements(Recovery recovery)
    {
        var statements = ImmutableArray.CreateBuilder<(Envelope, RecoveryStatement)>(recovery.Releases.Length);
        foreach (var release in recovery.Releases)
        {
            if (!RecoveryStatements.Parse(release.Statement.Span).TryGet(out var parsed, out var refusals))
            {
                return refusals;
            }

            statements.Add(parsed);
        }

        return statements.DrainToImmutable();
    }
}
