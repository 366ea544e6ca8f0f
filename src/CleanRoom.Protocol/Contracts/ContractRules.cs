using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts.Rules;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts;

/// <summary>Says everything that is wrong with a contract, from its text alone.</summary>
/// <remarks>
/// Pure: no clock, no ledger, no network. Whether root keys lie on the curve and who signed is checked elsewhere.
/// Spec: contracts/spec/0002.
/// </remarks>
public static class ContractRules
{
    /// <summary>The largest number of rows that a dataset version may have; ingest refuses more.</summary>
    /// <remarks>With <see cref="JoinRules.MaxFanout"/> it bounds every sum. Spec: contracts/spec/0002 s.7.</remarks>
    public const long MaxRowsPerDataset = 1_000_000_000;

    /// <summary>Checks a contract by itself.</summary>
    /// <param name="contract">Trust: attacker-controlled.</param>
    /// <returns>Every problem as <see cref="RefusalCode.ContractInvalid"/>, each naming its path; empty when there is none.</returns>
    public static ImmutableArray<Refusal> Check(Contract contract) => [.. Find(contract).Select(problem => problem.ToRefusal())];

    /// <summary>Checks a contract by itself, as <see cref="Check"/> does.</summary>
    /// <param name="contract">Trust: attacker-controlled.</param>
    /// <returns>Every problem with its path apart; empty when there is none.</returns>
    public static ImmutableArray<ContractProblem> Find(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var findings = new Findings();
        LifecycleRules.Check(contract, findings);
        CollaboratorRules.Check(contract, findings);
        DatasetRules.Check(contract, findings);
        TemplateRules.Check(contract, findings);
        GovernanceRules.Check(contract, findings);
        AttestationRules.Check(contract.Attestation, contract.AllowInsecure, findings);
        return findings.ToProblems();
    }

    /// <summary>Checks an attestation policy by the rules for that of a contract.</summary>
    /// <param name="policy">Trust: attacker-controlled.</param>
    /// <param name="allowInsecure">The contract's; true for a policy outside of one, which may describe the simulated TEE and can never allow it.</param>
    /// <returns>Every problem as <see cref="RefusalCode.ContractInvalid"/>, each naming its path in a contract; empty when there is none.</returns>
    public static ImmutableArray<Refusal> CheckAttestation(AttestationPolicy policy, bool allowInsecure)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var findings = new Findings();
        AttestationRules.Check(policy, allowInsecure, findings);
        return findings.ToImmutable();
    }

    /// <summary>Checks what a new version may take over from the version before; <see cref="Check"/> is called apart.</summary>
    /// <returns>Every problem as <see cref="RefusalCode.ContractInvalid"/>; empty when there is none.</returns>
    public static ImmutableArray<Refusal> CheckAmendment(Contract before, Contract after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var findings = new Findings();
        AmendmentRules.Check(before, after, findings);
        return findings.ToImmutable();
    }
}
