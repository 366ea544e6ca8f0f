using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Cli.Commands.Log;

/// <summary>What a ledger says of recovery: who has a share, who has none yet, and who restored the room.</summary>
internal static class RecoveryReport
{
    /// <summary>Returns the facts; null where the contract in force has no <c>recovery.k</c> and nobody ever restored the room.</summary>
    public static JsonNode? Json(CollaborationState state, Timestamp at) => !IsAbout(state)
        ? null
        : new JsonObject
        {
            ["k"] = state.Active?.Contract.Recovery.K,
            ["set"] = SetOf(state)?.Sequence,
            ["withoutShare"] = new JsonArray([.. WithoutShare(state, at).Select(one => (JsonNode)one)]),
            ["recoveries"] = new JsonArray([.. state.Recoveries.Select(Json)]),
        };

    /// <summary>Returns the same in words.</summary>
    public static IEnumerable<string> Words(CollaborationState state, Timestamp at)
    {
        if (!IsAbout(state))
        {
            yield break;
        }

        if (state.Active?.Contract.Recovery.K is { } k)
        {
            yield return SetOf(state) is { } set
                ? string.Create(CultureInfo.InvariantCulture, $"recovery: any {k} of the {set.Shares.Shares.Length} shares of row {set.Sequence} restore all keys; a profile keeps its copy of the ledger for it")
                : "recovery: no shares are made yet";
        }

        if (WithoutShare(state, at) is { IsEmpty: false } without)
        {
            yield return $"without a share: {string.Join(", ", without)}; a new set is made when each has an admin or owner with a receive key";
        }

        foreach (var recovery in state.Recoveries)
        {
            yield return $"row {recovery.Sequence}: the room was restored by {string.Join(", ", By(recovery))}: {string.Join("; ", recovery.Statements.Select(one => one.Reason).Distinct(StringComparer.Ordinal))}";
        }
    }

    private static bool IsAbout(CollaborationState state) => state.Active?.Contract.Recovery.K is not null || !state.Recoveries.IsEmpty;

    private static RecoverySetState? SetOf(CollaborationState state) =>
        state.RecoverySet is { } set && set.Shares.ContractDigest == state.ActiveContract ? set : null;

    /// <summary>Before there is a set, those that keep it from being made; afterwards nobody.</summary>
    private static ImmutableArray<string> WithoutShare(CollaborationState state, Timestamp at) =>
        SetOf(state) is null ? RecoverySets.WithoutHolder(state, at) : [];

    private static JsonNode Json(RecoveryState recovery) => new JsonObject
    {
        ["row"] = recovery.Sequence,
        ["node"] = recovery.Node.ToString(),
        ["by"] = new JsonArray([.. By(recovery).Select(one => (JsonNode)one)]),
        ["reasons"] = new JsonArray([.. recovery.Statements.Select(one => (JsonNode)one.Reason)]),
    };

    private static IEnumerable<string> By(RecoveryState recovery) => recovery.Statements.Select(one => $"{one.Collaborator}/{one.Member}");
}
