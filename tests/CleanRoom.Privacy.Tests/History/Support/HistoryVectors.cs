using System.Text.Json.Nodes;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol;
using CleanRoom.TestKit;

namespace CleanRoom.Privacy.Tests.History.Support;

/// <summary>The worked examples of contracts/vectors/privacy.</summary>
internal static class HistoryVectors
{
    private static readonly JsonNode Sets = Read("unit-sets.json");

    public static IReadOnlyList<UnitSetVector> UnitSets { get; } = [.. Sets["sets"]!.AsArray().Select(vector => new UnitSetVector(
        (string)vector!["name"]!,
        vector["ranges"]!.AsArray().Aggregate(UnitSet.Empty, (set, range) => set.Or(Range(range!.AsArray()))),
        (long)vector["units"]!,
        Bytes(vector["bytes"]!)))];

    public static IReadOnlyList<InvalidUnitSetVector> InvalidUnitSets { get; } = [.. Sets["invalid"]!.AsArray().Select(vector =>
        new InvalidUnitSetVector((string)vector!["name"]!, Bytes(vector["bytes"]!), (long)vector["units"]!))];

    public static HistoryVector History { get; } = Of(Read("history.json"));

    private static HistoryVector Of(JsonNode vector) => new(
        (string)vector["collaboration"]!,
        (string)vector["unitDomain"]!,
        Digest.Parse((string)vector["snapshot"]!),
        [.. vector["receivers"]!.AsArray().Select(receiver => (string)receiver!)],
        Digest.Parse((string)vector["scope"]!),
        (int)vector["units"]!,
        (int)vector["minUnits"]!,
        [.. vector["cells"]!.AsArray().Select(cell => ((uint)cell!["first"]!, (long)cell["count"]!, (string)cell["decision"]!))],
        Convert.FromHexString((string)vector["salt"]!),
        Convert.FromHexString((string)vector["state"]!),
        Digest.Parse((string)vector["commitment"]!));

    private static UnitSet Range(JsonArray range) => range.Count == 2
        ? UnitSet.Range((uint)range[0]!, (long)range[1]!)
        : UnitSet.Of([.. Enumerable.Range(0, (int)range[1]!).Select(i => (uint)range[0]! + ((uint)i * (uint)range[2]!))]);

    /// <summary>Hex, where <c>{n*xx}</c> stands for n times a byte.</summary>
    private static string Bytes(JsonNode text) => System.Text.RegularExpressions.Regex.Replace(
        (string)text!, @"\{(\d+)\*(..)\}", match => string.Concat(Enumerable.Repeat(match.Groups[2].Value, int.Parse(match.Groups[1].Value, null))));

    private static JsonNode Read(string name) =>
        JsonNode.Parse(File.ReadAllText(RepositoryFiles.Committed("contracts", "vectors", "privacy", name)))!;
}

internal sealed record UnitSetVector(string Name, UnitSet Set, long Units, string Bytes);

internal sealed record InvalidUnitSetVector(string Name, string Bytes, long Units);

internal sealed record HistoryVector(
    string Collaboration,
    string UnitDomain,
    Digest Snapshot,
    string[] Receivers,
    Digest ScopeDigest,
    int Units,
    int MinUnits,
    (uint First, long Count, string Decision)[] Cells,
    byte[] Salt,
    byte[] State,
    Digest Commitment);
