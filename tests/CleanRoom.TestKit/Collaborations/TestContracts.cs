using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>The committed example contract, with the root keys of <see cref="TestPeople"/> and small budgets.</summary>
public static class TestContracts
{
    /// <summary>The build whose simulated measurement the contract accepts.</summary>
    public const string Build = "0.1.0+test";

    private static readonly Contract _example = DocumentCodec.FromPerson<Contract>(
        File.ReadAllBytes(RepositoryFiles.Committed("contracts", "examples", "nafld", "contract.json"))).Value;

    /// <summary>Gets version 1: three collaborators; the registry's data allow 2 queries a day and 3 in all.</summary>
    public static Contract First { get; } = Make();

    /// <summary>Returns a successor of a contract that differs in nothing but what a test changes afterwards.</summary>
    public static Contract Next(Contract before, params ImmutableArray<CarriedDataset> carriesOver) => before with
    {
        Version = before.Version + 1,
        Previous = DocumentCodec.DigestOf(before),
        CarriesOver = carriesOver,
    };

    /// <summary>Returns the contract without a collaborator, its datasets and every mention of it.</summary>
    public static Contract Without(Contract contract, string collaborator) => contract with
    {
        Collaborators = contract.Collaborators.RemoveAll(c => c.Id == collaborator),
        Datasets =
        [
            .. contract.Datasets.Where(d => d.Owner != collaborator).Select(d => d with
            {
                Policy = d.Policy with
                {
                    Join = d.Policy.Join with { With = d.Policy.Join.With.Remove(collaborator) },
                    Receivers = d.Policy.Receivers.Remove(collaborator),
                    Analysts = d.Policy.Analysts.Remove(collaborator),
                },
            }),
        ],
        Templates = [.. contract.Templates.Where(t => !t.Sql.Contains(collaborator + ".", StringComparison.Ordinal))],
        Approval = contract.Approval with
        {
            Quorum = contract.Approval.Quorum.RemoveAll(q => q.Collaborator == collaborator),
            Standing = contract.Approval.Standing.RemoveAll(s => s.Collaborator == collaborator || s.Analysts.Contains(collaborator)),
        },
    };

    private static Contract Make() => _example with
    {
        Collaborators = [.. _example.Collaborators.Select(c => c with { RootKey = TestPeople.Root(c.Id).PublicKey })],
        Datasets = [.. _example.Datasets.Select(d => d with { Policy = Policy(d) })],
        Approval = _example.Approval with { Quorum = [new Quorum { Collaborator = "laboratory", Members = 2 }] },
        Attestation = new AttestationPolicy { Accepted = [InsecureSimulatedMachine.OfBuild(Build).ToReferenceTuple()], CodeEndorsers = [] },
    };

    private static DatasetPolicy Policy(Dataset dataset) => dataset.Policy with
    {
        Approval = QueryApproval.Each,
        Access = dataset.Owner == "registry"
            ? new AccessRules { QueriesPerDay = 2, QueriesLifetime = 3 }
            : new AccessRules { QueriesPerDay = 50, QueriesLifetime = 1000 },
    };
}
