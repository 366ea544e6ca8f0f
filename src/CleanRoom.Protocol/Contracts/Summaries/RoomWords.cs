using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Protocol.Contracts.Rules;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Contracts.Summaries;

/// <summary>Who approves, what leaves, which code opens the data, and who could restore the keys.</summary>
internal static class RoomWords
{
    public static SummarySection Approval(Contract contract)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var dataset in contract.Datasets)
        {
            lines.Add(dataset.Policy.Approval switch
            {
                QueryApproval.Each => $"{dataset.Owner} approves each query that reads {dataset.SqlName}.",
                QueryApproval.Template => $"{dataset.Owner} approves each free query that reads {dataset.SqlName}; the agreed templates need no approval.",
                QueryApproval.None => $"NOBODY is asked before a query reads {dataset.SqlName}.",
                _ => $"Which queries on {dataset.SqlName} are approved is unknown.",
            });
        }

        foreach (var quorum in contract.Approval.Quorum)
        {
            lines.Add($"An approval of {quorum.Collaborator} takes {quorum.Members} different people.");
        }

        foreach (var standing in contract.Approval.Standing)
        {
            var template = contract.Templates.FirstOrDefault(one => DocumentCodec.DigestOf(one) == standing.TemplateDigest);
            lines.Add(
                $"By signing, {standing.Collaborator} approves in advance {standing.MaxRuns} runs of the template {template?.Name ?? "unknown"} "
                + $"asked by {Words.List(standing.Analysts)}.");
        }

        foreach (var template in contract.Templates)
        {
            lines.Add($"Agreed template {template.Name}: {template.Description}");
        }

        lines.Add("Whose approval a query needs follows from this contract and the data that it reads, never from what the query says.");
        return new SummarySection("Who must approve", lines.ToImmutable());
    }

    public static SummarySection Output(Contract contract)
    {
        var output = contract.Output;
        return new SummarySection("What leaves, and how often",
        [
            $"Answers of at most {output.MaxRows} rows, as {Words.List([.. output.Formats.Select(Words.Of)])}, sealed to the receivers' own keys.",
            $"A sealed answer is kept for {output.RetentionDays} days.",
            output.AnswerEveryMs is { } every
                ? $"Answers leave only every {Seconds(every)} seconds, so that the time tells little about the data."
                : "Answers leave as soon as they are ready: the TIME that a query takes may tell something about the data.",
        ]);
    }

    public static SummarySection Code(Contract contract)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var tuple in contract.Attestation.Accepted)
        {
            lines.Add(
                $"The data is opened only by code that proves to be {Words.List([.. tuple.Values.Select(pair => $"{pair.Key} {pair.Value}")])}, "
                + $"on {Platform(tuple)}{Chips(tuple)}.");
            if (tuple.Debug)
            {
                lines.Add("DEBUG is accepted for it: the operator can look into the running machine.");
            }
        }

        lines.Add(contract.Attestation.CodeEndorsers.IsEmpty
            ? "Other code, also a newer version, takes a new contract version signed by all."
            : Endorsers([.. contract.Attestation.CodeEndorsers.Select(NameOf)]));
        return new SummarySection("What code may open the data", lines.ToImmutable());
    }

    /// <summary>A draft may have a key that is none yet.</summary>
    private static string NameOf(Bytes key) => key.Length == EnvelopeVerifier.PublicKeyLength ? KeyId.Of(key.Span).Abbreviated : $"of {CollaboratorRules.Describe(key)}";

    /// <summary>All of them together: a list of keys reads as if any one of them could.</summary>
    private static string Endorsers(ImmutableArray<string> keys) => keys is [var only]
        ? $"Whoever holds the key {only} may ALONE endorse LATER code without a new contract, until this version ends; any owner can take such code back."
        : $"LATER code may be endorsed without a new contract, until this version ends, by all {keys.Length} of these keys together and by no fewer: "
        + $"{Words.List(keys)}. Any owner can take such code back.";

    public static SummarySection Keys(Contract contract)
    {
        var all = contract.Collaborators.Length;
        return new SummarySection("If keys or machines are lost",
        [
            contract.Recovery.K is { } k
                ? $"Any {k} of you {(k == 1 ? "alone" : "together")} could read everything: {k} of the {all} recovery shares restore all keys."
                : "Nobody can restore the keys. After a total loss every owner grants access to its data again.",
            contract.Rollback switch
            {
                RollbackDefence.Witnesses => "After a restart the room stays read-only until the owners' own programs confirm that no history was cut off.",
                RollbackDefence.Counter => "After a restart the room stays read-only until a hardware counter confirms that no history was cut off.",
                RollbackDefence.None => "NOTHING stops the operator from restoring an old state and so spending a budget twice.",
                _ => "How a restart is checked is unknown.",
            },
        ]);
    }

    private static string Platform(ReferenceTuple tuple) => tuple.Tee switch
    {
        "simulated" => "SIMULATED hardware, which proves nothing",
        "tpm" => "a machine with a TPM, which does not keep memory from the operator",
        _ => $"{tuple.Tee} hardware",
    };

    private static string Chips(ReferenceTuple tuple) =>
        tuple.ChipIds is ["any"] ? string.Empty : $", on {tuple.ChipIds.Length} named chips";

    private static string Seconds(int milliseconds) => (milliseconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
