using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>Id, version, texts, life span, recovery and what is carried over. Spec: contracts/spec/0002 s.2, s.9.</summary>
internal static class LifecycleRules
{
    private const int IdLength = 32;
    private const int TitleLength = 200;
    private const int PurposeLength = 4_000;

    public static void Check(Contract contract, Findings findings)
    {
        findings.Require(
            contract.Id.Length == IdLength && contract.Id.All(char.IsAsciiHexDigitLower),
            "id", "32 lower-case hex digits", Names.Show(contract.Id));
        findings.Require(contract.Version >= 1, "version", "at least 1", $"{contract.Version}");
        findings.Require(
            contract.Version != 1 || contract.Previous is null, "previous", "null for version 1", "a digest");
        findings.Require(
            contract.Version <= 1 || contract.Previous is not null, "previous", "the digest of the version before", "null");
        findings.Require(
            Names.IsPlain(contract.Title, TitleLength), "title", $"1 to {TitleLength} printable characters", Names.Show(contract.Title));
        findings.Require(
            Names.IsPlain(contract.Purpose, PurposeLength), "purpose", $"1 to {PurposeLength} printable characters", Names.Show(contract.Purpose));
        findings.Require(
            contract.NotBefore < contract.Expires, "expires", $"after notBefore {contract.NotBefore}", $"{contract.Expires}");
        findings.Declared(contract.Rollback, "rollback");
        if (contract.Recovery.K is { } k)
        {
            findings.InRange(k, 1, Math.Max(1, contract.Collaborators.Length), "recovery.k");
        }

        CheckCarried(contract, findings);
    }

    private static void CheckCarried(Contract contract, Findings findings)
    {
        findings.Require(
            contract.Version != 1 || contract.CarriesOver.IsEmpty,
            "carriesOver", "empty for version 1: there is nothing to carry", $"{contract.CarriesOver.Length} entries");
        findings.Distinct(contract.CarriesOver.Select(carried => carried.Dataset), "carriesOver", Names.Show);
        foreach (var carried in contract.CarriesOver)
        {
            findings.Require(
                contract.Datasets.Any(dataset => dataset.SqlName == carried.Dataset),
                "carriesOver", "a dataset of this contract", Names.Show(carried.Dataset));
        }
    }
}
