using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>Who signs. Spec: contracts/spec/0002 s.3.</summary>
internal static class CollaboratorRules
{
    private const int MaxCollaborators = 64;
    private const int NameLength = 200;

    /// <summary>Length of an uncompressed P-256 point: 0x04, x, y. Spec: SEC 1 s.2.3.3.</summary>
    private const int PointLength = 65;

    public static void Check(Contract contract, Findings findings)
    {
        var count = contract.Collaborators.Length;
        findings.Require(count is >= 2 and <= MaxCollaborators, "collaborators", $"2 to {MaxCollaborators}", $"{count}");
        findings.Distinct(contract.Collaborators.Select(collaborator => collaborator.Id), "collaborators", Names.Show);
        foreach (var collaborator in contract.Collaborators)
        {
            var path = $"collaborators[{Names.Show(collaborator.Id)}]";
            ShortName(collaborator.Id, $"{path}.id", findings);
            findings.Require(
                Names.IsPlain(collaborator.Name, NameLength),
                $"{path}.name", $"1 to {NameLength} printable characters", Names.Show(collaborator.Name));
            findings.Require(IsPoint(collaborator.RootKey), $"{path}.rootKey", "65 bytes that begin with 04", Describe(collaborator.RootKey));
        }

        // One person who holds the key of two collaborators would sign, and approve, for both.
        foreach (var shared in contract.Collaborators.GroupBy(collaborator => collaborator.RootKey).Where(group => group.Count() > 1))
        {
            findings.Add(
                "collaborators", "a root key of its own for each collaborator",
                "one key for " + string.Join(" and ", shared.Select(collaborator => Names.Show(collaborator.Id))));
        }
    }

    /// <summary>Says whether the bytes have the form of an uncompressed P-256 point.</summary>
    public static bool IsPoint(Bytes key) => key.Length == PointLength && key.Span[0] == 4;

    /// <summary>Describes a key that has not the form.</summary>
    public static string Describe(Bytes key) => key.Length == 0 ? "no bytes" : $"{key.Length} bytes that begin with {key.Span[0]:x2}";

    /// <summary>Requires a short name that SQL takes as it is.</summary>
    public static void ShortName(string name, string path, Findings findings)
    {
        findings.Require(Names.IsShort(name), path, "[a-z][a-z0-9_]{0,30}", Names.Show(name));
        findings.Require(!Names.IsReserved(name), path, "a word that is not reserved", Names.Show(name));
    }

    /// <summary>Requires a list of collaborators' ids, each once.</summary>
    public static void KnownIds(Contract contract, IReadOnlyCollection<string> ids, string path, Findings findings)
    {
        findings.Distinct(ids, path, Names.Show);
        foreach (var id in ids.Where(id => !contract.Collaborators.Any(collaborator => collaborator.Id == id)))
        {
            findings.Add(path, "a collaborator of this contract", Names.Show(id));
        }
    }
}
