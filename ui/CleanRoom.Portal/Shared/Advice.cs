using System.Collections.Immutable;
using CleanRoom.Portal.Texts;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Shared;

/// <summary>What a person can do about a refusal, in one sentence. Codes that explain themselves have none.</summary>
public static class Advice
{
    private static readonly ImmutableDictionary<RefusalCode, string> _keys = new Dictionary<RefusalCode, string>
    {
        [RefusalCode.Unavailable] = "advice.unavailable",
        [RefusalCode.ChannelInvalid] = "advice.channel",
        [RefusalCode.BindingMismatch] = "advice.evidence",
        [RefusalCode.EvidenceInvalid] = "advice.evidence",
        [RefusalCode.EvidenceNotAccepted] = "advice.evidence",
        [RefusalCode.EndorsementMissing] = "advice.evidence",
        [RefusalCode.CheckpointInconsistent] = "advice.rollback",
        [RefusalCode.RowInvalid] = "advice.rollback",
        [RefusalCode.ContractConflict] = "advice.contract",
        [RefusalCode.ContractNotActive] = "advice.inactive",
        [RefusalCode.SealInvalid] = "advice.seal",
        [RefusalCode.StorageFailed] = "advice.storage",
        [RefusalCode.Replayed] = "advice.replayed",
        [RefusalCode.SequenceConflict] = "advice.again",
        [RefusalCode.TooManyRequests] = "advice.wait",
        [RefusalCode.ReadOnly] = "advice.witness",
        [RefusalCode.ClockWrong] = "advice.clock",
        [RefusalCode.SignatureUnknownKey] = "advice.delegate",
        [RefusalCode.MemberRevoked] = "advice.member",
        [RefusalCode.MemberExpired] = "advice.member",
        [RefusalCode.SourceChanged] = "advice.file",
        [RefusalCode.DatasetRejected] = "advice.rows",
        [RefusalCode.BudgetExhausted] = "advice.budget",
    }.ToImmutableDictionary();

    /// <summary>Returns what to do about refusals, each sentence once, in their order.</summary>
    public static ImmutableArray<string> For(ImmutableArray<Refusal> refusals) =>
        refusals.IsDefaultOrEmpty
            ? []
            : [.. refusals.Select(refusal => _keys.GetValueOrDefault(refusal.Code)).OfType<string>().Distinct(StringComparer.Ordinal).Select(key => PortalText.Of(key))];

    /// <summary>Says whether a refusal puts in doubt who answers: the badge is then asked afresh.</summary>
    public static bool IsAboutWhoAnswers(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Code is RefusalCode.Unavailable or RefusalCode.ChannelInvalid or RefusalCode.BindingMismatch or RefusalCode.EvidenceInvalid
            or RefusalCode.EvidenceNotAccepted or RefusalCode.EndorsementMissing or RefusalCode.InsecureNotAllowed or RefusalCode.CheckpointInconsistent
            or RefusalCode.CollaborationUnknown or RefusalCode.ContractNotActive; // So answers a node that holds another room.
    }
}
