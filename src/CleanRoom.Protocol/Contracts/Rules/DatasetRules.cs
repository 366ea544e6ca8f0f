using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>Datasets, their schemas, and what datasets of one unit domain must share. Spec: contracts/spec/0002 s.4.</summary>
internal static class DatasetRules
{
    private const int MaxDatasets = 256;
    private const int MaxColumns = 1_000;

    public static void Check(Contract contract, Findings findings)
    {
        var count = contract.Datasets.Length;
        findings.Require(count is >= 1 and <= MaxDatasets, "datasets", $"1 to {MaxDatasets}", $"{count}");
        findings.Distinct(contract.Datasets.Select(dataset => dataset.SqlName), "datasets", Names.Show);
        foreach (var dataset in contract.Datasets)
        {
            var path = PathOf(dataset);
            CollaboratorRules.ShortName(dataset.Name, $"{path}.name", findings);
            CollaboratorRules.KnownIds(contract, [dataset.Owner], $"{path}.owner", findings);
            CheckSchema(dataset, path, findings);
            DatasetPolicyRules.Check(contract, dataset, $"{path}.policy", findings);
        }

        CheckDomains(contract, findings);
    }

    public static string PathOf(Dataset dataset) =>
        Names.IsShort(dataset.Owner) && Names.IsShort(dataset.Name) ? $"datasets[{dataset.SqlName}]" : $"datasets[{Names.Show(dataset.SqlName)}]";

    private static void CheckSchema(Dataset dataset, string path, Findings findings)
    {
        var count = dataset.Schema.Length;
        findings.Require(count is >= 1 and <= MaxColumns, $"{path}.schema", $"1 to {MaxColumns} columns", $"{count}");
        findings.Distinct(dataset.Schema.Select(column => column.Name), $"{path}.schema", Names.Show);
        foreach (var column in dataset.Schema)
        {
            findings.Require(Names.IsColumn(column.Name), $"{path}.schema", "[a-z][a-z0-9_]{0,62}", Names.Show(column.Name));
            findings.Require(!Names.IsReserved(column.Name), $"{path}.schema", "a word that is not reserved", Names.Show(column.Name));
            findings.Require(
                dataset.Policy.Columns.ContainsKey(column.Name),
                $"{path}.policy.columns", $"an entry for {Names.Show(column.Name)} of the schema", "none");
        }

        foreach (var name in dataset.Policy.Columns.Keys.Where(name => !dataset.Schema.Any(column => column.Name == name)))
        {
            findings.Add($"{path}.policy.columns", "columns of the schema only", Names.Show(name));
        }
    }

    // Datasets of one domain are joined on their unit columns and share a budget: the same person must look the same in all.
    private static void CheckDomains(Contract contract, Findings findings)
    {
        var units = contract.Datasets
            .Select(dataset => (Dataset: dataset, dataset.Policy.Unit))
            .Where(pair => pair.Unit is not null && pair.Dataset.Policy.Columns.ContainsKey(pair.Unit.Column))
            .Select(pair => (pair.Dataset.SqlName, pair.Unit!.Domain, Column: pair.Dataset.Policy.Columns[pair.Unit.Column]));
        foreach (var domain in units.GroupBy(unit => unit.Domain))
        {
            var forms = domain.Select(unit => (unit.Column.Type, unit.Column.Normalise)).Distinct().ToList();
            findings.Require(
                forms.Count == 1, "datasets",
                $"one type and one normalise profile for all units of domain {Names.Show(domain.Key)}",
                string.Join(", ", domain.Select(unit =>
                    $"{Names.Show(unit.SqlName)} {unit.Column.Type.ToString().ToLowerInvariant()} {Names.Show(unit.Column.Normalise ?? "none")}")));
        }
    }
}
