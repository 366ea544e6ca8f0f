using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Results;

/// <summary>Holds an opened list against what the ledger says of it. Spec: contracts/spec/0009 s.2.2.</summary>
internal static class ReleaseChecks
{
    /// <summary>Checks every release whose ids stand in the answer.</summary>
    /// <param name="result">The Result row's document in the verified ledger.</param>
    /// <param name="answer">The opened answer, whose commitment holds.</param>
    /// <returns>Nothing; or <see cref="RefusalCode.SealInvalid"/> when other people are in the answer than the row commits to.</returns>
    public static Refusal? WhyWrong(RunResult result, OpenedResult answer) =>
        (result.Releases ?? []).Where(release => !release.Columns.IsEmpty)
            .Select(release => WhyWrong(release, answer)).FirstOrDefault(wrong => wrong is not null);

    private static Refusal? WhyWrong(ReleaseRecord release, OpenedResult answer)
    {
        var table = ArrowTable.Read(answer.Payload);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in release.Columns)
        {
            if (column < 0 || column >= table.Columns.Length)
            {
                return new Refusal(RefusalCode.DocumentInvalid, $"an answer with a column {column}", $"{table.Columns.Length} columns");
            }

            foreach (var row in table.Rows)
            {
                if (row[column] is not { } id)
                {
                    return new Refusal(RefusalCode.SealInvalid, $"a person in every row of column {column}", "a row of nobody");
                }

                ids.Add(id);
            }
        }

        if (ids.Count != release.Units)
        {
            return new Refusal(RefusalCode.SealInvalid, $"{release.Units} people, as the ledger says", $"{ids.Count} in the answer");
        }

        var commitment = ReleaseCommitments.Commit(answer.Salt.Span, release.ManifestDigest, ids);
        return commitment == release.Commitment
            ? null
            : new Refusal(RefusalCode.SealInvalid, $"people of the commitment {release.Commitment.Abbreviated}", $"people of {commitment.Abbreviated}");
    }
}
