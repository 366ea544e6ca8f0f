using System.Collections.Frozen;

namespace CleanRoom.Protocol.Contracts.Differences;

/// <summary>Says why a change is of its kind.</summary>
internal static class ChangeReasons
{
    private static readonly FrozenDictionary<string, (string Looser, string Stricter)> _reasons = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["purpose"] = ("the data may serve another purpose", string.Empty),
        ["legalTextSha256"] = ("what was agreed outside is another text", string.Empty),
        ["collaborators"] = ("one more takes part", "one fewer takes part"),
        ["rootKey"] = ("somebody else may decide who acts for it", string.Empty),
        ["schema"] = ("more data is brought that may be asked about", "less data is brought"),
        ["type"] = ("values are read in another way", string.Empty),
        ["uses"] = ("more may be done with the column", "less may be done with the column"),
        ["domain"] = ("values that were not declared may occur", "only declared values may occur"),
        ["domain.values"] = ("more values may occur and be told apart", "fewer values may occur"),
        ["domain.min"] = ("more values may occur", "fewer values may occur"),
        ["domain.max"] = ("more values may occur", "fewer values may occur"),
        ["domain.step"] = ("values lie closer together", "values lie further apart"),
        ["grain"] = ("people are told apart more finely", "people are told apart less finely"),
        ["clamp"] = ("one person's value may weigh without bound", "one person's value weighs within bounds"),
        ["clamp.min"] = ("one person's value may weigh more", "one person's value weighs less"),
        ["clamp.max"] = ("one person's value may weigh more", "one person's value weighs less"),
        ["scale"] = ("answers say more of each value", "answers say less of each value"),
        ["public"] = ("groups without people are shown too", "groups without people are not shown"),
        ["policy.columns"] = ("rules for a column come", "rules for a column go, and nothing is allowed without"),
        ["policy.unit"] = ("nobody is counted or protected any more", "people are counted and protected"),
        ["policy.unit.column"] = ("others are counted than those who were", string.Empty),
        ["policy.unit.domain"] = ("what was spent elsewhere counts here no longer", string.Empty),
        ["policy.tier"] = ("answers are exacter", "answers say less of each person"),
        ["policy.join.required"] = ("it may be asked about without that data", "it is asked about only with that data"),
        ["policy.join.with"] = ("it may be matched with more data", "it may be matched with less data"),
        ["policy.join.maxRowsPerUnit"] = ("one person may have more rows, and so weigh more", "one person has fewer rows, and so weighs less"),
        ["policy.join.maxFanout"] = ("one person may weigh more after joins", "one person weighs less after joins"),
        ["policy.threshold.minUnits"] = ("rows about fewer people may leave", "rows need more people behind them"),
        ["policy.threshold.dominancePercent"] = ("sums may leave that few people make up", "sums that few people make up are withheld"),
        ["policy.threshold.history"] = ("differences of answers are not looked for", "differences of answers are withheld"),
        ["policy.threshold.maxCells"] = ("more numbers may leave in all", "fewer numbers may leave in all"),
        ["policy.dp"] = ("no budget limits what is learnt", "a budget limits what is learnt"),
        ["policy.dp.epsilon"] = ("more may be learnt about each person in all", "less may be learnt about each person in all"),
        ["policy.dp.delta"] = ("the promise fails more often", "the promise fails more seldom"),
        ["policy.dp.maxEpsilonPerQuery"] = ("one answer may have less noise", "one answer has more noise"),
        ["policy.dp.refresh"] = ("what was spent is forgotten with new data", "what was spent stays spent"),
        ["policy.access.queriesPerDay"] = ("more may be asked in a day", "less may be asked in a day"),
        ["policy.access.queriesLifetime"] = ("more may be asked in all", "less may be asked in all"),
        ["policy.receivers"] = ("more may receive answers", "fewer may receive answers"),
        ["policy.analysts"] = ("more may ask", "fewer may ask"),
        ["policy.approval"] = ("fewer queries need its approval", "more queries need its approval"),
        ["templates"] = ("one more question is agreed on", "one question is no longer agreed on"),
        ["sql"] = ("the agreed question is another", string.Empty),
        ["parameters"] = ("the agreed question may be asked with more values", "the agreed question may be asked with fewer values"),
        ["approval.contract"] = ("others decide about the contract", string.Empty),
        ["approval.quorum"] = ("fewer people suffice to approve", "more people must approve"),
        ["approval.standing"] = ("more runs need nobody's approval", "fewer runs go without approval"),
        ["output.maxRows"] = ("answers may be longer", "answers are shorter"),
        ["output.retentionDays"] = ("answers are kept longer", "answers are kept less long"),
        ["output.answerEveryMs"] = ("the time of an answer tells more", "the time of an answer tells less"),
        ["attestation.accepted"] = ("more code may open the data", "less code may open the data"),
        ["attestation.accepted.minimumTcb"] = ("older machines may open the data", "older machines may no longer open the data"),
        ["attestation.accepted.chipIds"] = ("more machines may open the data", "fewer machines may open the data"),
        ["attestation.accepted.anchors"] = ("more makers are trusted", "fewer makers are trusted"),
        ["attestation.accepted.debug"] = ("whoever runs the machine can read everything", "nobody reads the machine's memory"),
        ["attestation.codeEndorsers"] = ("later code may open the data without a new contract, or on fewer keys", "later code needs a new contract, or more keys"),
        ["rollback"] = ("an older ledger may pass unnoticed", "an older ledger is noticed"),
        ["recovery.k"] = ("fewer collaborators together can read everything", "more collaborators are needed to read everything"),
        ["allowInsecure"] = ("nothing proves what the room does, and the floors are lifted", "the room must prove what it is, and the floors hold"),
        ["notBefore"] = ("it holds for longer", "it holds for less long"),
        ["expires"] = ("it holds for longer", "it holds for less long"),
    }.ToFrozenDictionary();

    /// <summary>Returns the reason in a few words, without a full stop.</summary>
    public static string Of(ContractChange change)
    {
        // What stands in brackets names a thing; what comes after it is the member.
        var member = change.Path.Split("].")[^1];
        var known = _reasons.GetValueOrDefault(member);
        return change.Kind switch
        {
            ChangeKind.Neutral => "it changes neither what may be asked nor what leaves",
            ChangeKind.Tightens => known.Stricter is { Length: > 0 } stricter ? stricter : "less may be asked, or less leaves",
            ChangeKind.Loosens or ChangeKind.None =>
                known.Looser is { Length: > 0 } looser ? looser : "what it does cannot be told from the text, and so it counts as looser",
            _ => throw new ArgumentException($"wanted a known kind, got {change.Kind}", nameof(change)),
        };
    }
}
