using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Protocol.Fold;

/// <summary>Genesis and the admission of nodes.</summary>
internal static class NodeFold
{
    private const string NoCheckpoint = "none";

    /// <summary>Row 0. Its evidence is appraised when the first contract, whose digest it names, is known: see <see cref="AppraiseGenesis"/>.</summary>
    public static Result<CollaborationState> Apply(FoldInput input, Genesis genesis)
    {
        if (input.State.Genesis is not null)
        {
            return new Refusal(RefusalCode.RowInvalid, "one genesis, in row 0", $"another in row {input.Sequence}");
        }

        if (CollaborationId.WhyNone(genesis) is { } nameless)
        {
            return nameless;
        }

        var binding = genesis.Attestation.Binding;
        if (binding.Checkpoint != NoCheckpoint)
        {
            return new Refusal(RefusalCode.BindingMismatch, $"checkpoint {NoCheckpoint}, since there is no row yet", "another");
        }

        if (binding.Purpose != BindingPurpose.Genesis)
        {
            return new Refusal(RefusalCode.BindingMismatch, "purpose genesis", $"{binding.Purpose}");
        }

        var state = input.State with { Genesis = genesis, Collaboration = genesis.Collaboration };
        return CheckBinding(state, binding, genesis.ContractDigest)
            .Then(_ => input.SignedByEs256(binding.SigningKey))
            .Then(_ => Result.Accept(state));
    }

    /// <summary>A later start of a node, or another node that was given the secret.</summary>
    public static Result<CollaborationState> Apply(FoldInput input, NodeAdmission admission)
    {
        if (input.WrongCollaboration(admission.Collaboration) is { } wrong)
        {
            return wrong;
        }

        var binding = admission.Attestation.Binding;
        if (input.ConsistentCheckpoint(binding.Checkpoint) is { IsAccepted: false } inconsistent)
        {
            return inconsistent.Refusals;
        }

        // Before a contract is in force the founding one counts: a node that holds the secret is named from the first row on.
        if (input.State.ActiveOrFounding is not { } contract)
        {
            return new Refusal(RefusalCode.ContractNotActive, "a contract to appraise the node against", "none");
        }

        if (binding.Purpose is not (BindingPurpose.Room or BindingPurpose.Handover))
        {
            return new Refusal(RefusalCode.BindingMismatch, "purpose room or handover", $"{binding.Purpose}");
        }

        return CheckBinding(input.State, binding, contract.Digest)
            .Then(_ => input.SignedByEs256(binding.SigningKey))
            .Then(_ => Admit(input, input.State, admission.Attestation, contract.Contract, input.State.EndorsementsOf(contract.Digest)));
    }

    /// <summary>Appraises row 0's evidence once the contract that it names is known.</summary>
    public static Result<CollaborationState> AppraiseGenesis(FoldInput input, Contract contract) =>
        Admit(input, input.State, input.State.Genesis!.Attestation, contract, []);

    /// <summary>Appraises all nodes anew against a contract that comes into force; those that it does not accept sign nothing more. Endorsements were of the version before.</summary>
    public static ImmutableDictionary<Digest, NodeState> Reappraise(FoldInput input, Contract contract) =>
        input.State.Nodes.SetItems(input.State.Nodes.Select(pair => KeyValuePair.Create(pair.Key, pair.Value with
        {
            LapsedSequence = Appraise(input, pair.Value.Attestation, contract, []).IsAccepted ? null : input.Sequence,
            Endorsements = [],
        })));

    private static Result<CollaborationState> Admit(
        FoldInput input, CollaborationState state, NodeAttestation attestation, Contract contract, ImmutableArray<VerifiedEndorsement> endorsements)
    {
        if (!Appraise(input, attestation, contract, endorsements).TryGet(out var appraised, out var refusals))
        {
            return refusals;
        }

        var measurement = appraised.Node;
        if (state.RevokedMeasurements.Contains(measurement))
        {
            return new Refusal(RefusalCode.Revoked, "a measurement that no owner has revoked", measurement);
        }

        var key = attestation.Binding.SigningKey;
        return state with { Nodes = state.Nodes.SetItem(KeyId.Of(key.Span), new NodeState(key, attestation, measurement, input.Sequence)
        {
            Endorsements = [.. appraised.Endorsements.Select(endorsement => endorsement.Digest)],
        }) };
    }

    private static Result<CodeAppraised<string>> Appraise(
        FoldInput input, NodeAttestation attestation, Contract contract, ImmutableArray<VerifiedEndorsement> endorsements) =>
        CodeAppraisal.Appraise(contract, endorsements, input.Time, code => input.Services.Nodes.Appraise(attestation, code, input.Time));

    /// <summary>Compares what a binding says of the collaboration with row 0 and a contract.</summary>
    public static Result<Binding> CheckBinding(CollaborationState state, Binding binding, Digest contractDigest)
    {
        var genesis = state.Genesis!;
        (string Name, string Wanted, string Got)[] fields =
        [
            ("collaboration", genesis.Collaboration, binding.Collaboration),
            ("collaboration key", genesis.SealingKey.ToString(), binding.CollaborationKey.ToString()),
            ("checkpoint key", genesis.CheckpointKey.ToString(), binding.CheckpointKey.ToString()),
            ("contract", contractDigest.ToString(), binding.ContractDigest?.ToString() ?? "none"),
        ];
        var mismatches = fields.Where(field => field.Wanted != field.Got)
            .Select(field => new Refusal(RefusalCode.BindingMismatch, $"{field.Name} {field.Wanted}", field.Got));
        return mismatches.ToImmutableArray() is { IsEmpty: false } refusals ? refusals : binding;
    }
}
