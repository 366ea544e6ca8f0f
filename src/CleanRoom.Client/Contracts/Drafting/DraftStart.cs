using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Client.Contracts.Drafting;

/// <summary>What a draft, and each new thing in one, begins with: the strictest values, and nothing granted.</summary>
public static class DraftStart
{
    /// <summary>Begins with nothing.</summary>
    /// <param name="id">32 lower-case hex digits, random.</param>
    /// <param name="notBefore">From when it is to hold.</param>
    /// <param name="expires">Until when.</param>
    public static ContractDraft Blank(string id, Timestamp notBefore, Timestamp expires)
    {
        var root = Object(
            ("type", "cleanroom/v1/contract"), ("id", id), ("version", 1L), ("previous", JsonNull.Instance), ("title", string.Empty), ("purpose", string.Empty),
            ("legalTextSha256", string.Empty), ("collaborators", Empty), ("datasets", Empty), ("templates", Empty),
            ("approval", Object(("contract", "all"), ("quorum", Empty), ("standing", Empty))),
            ("output", Object(("formats", List("arrow", "csv")), ("maxRows", 1_000L), ("retentionDays", 30L), ("answerEveryMs", JsonNull.Instance))),
            ("attestation", Object(("accepted", Empty), ("codeEndorsers", Empty))), ("rollback", "witnesses"), ("recovery", Object(("k", JsonNull.Instance))),
            ("carriesOver", Empty), ("allowInsecure", JsonBoolean.False), ("notBefore", notBefore.ToString()), ("expires", expires.ToString()));
        return ContractDraft.FromPerson(Jcs.Write(root)).Value; // An object that says that it is a contract.
    }

    /// <summary>Begins a collaboration of one's own with another contract: its texts and rules, as version 1 with another id and time.</summary>
    /// <remarks>Root keys and accepted code are somebody else's: they are emptied, so that nobody signs them unseen.</remarks>
    public static ContractDraft From(ContractDraft other, string id, Timestamp notBefore, Timestamp expires)
    {
        ArgumentNullException.ThrowIfNull(other);
        var draft = other.With("/id", id).With("/version", 1L).With("/previous", JsonNull.Instance).With("/carriesOver", Empty)
            .With("/notBefore", notBefore.ToString()).With("/expires", expires.ToString())
            .With("/attestation/accepted", Empty).With("/attestation/codeEndorsers", Empty).With("/allowInsecure", JsonBoolean.False);
        for (var i = 0; i < draft.Count("/collaborators"); i++)
        {
            draft = draft.With($"/collaborators/{i}/rootKey", string.Empty);
        }

        return draft;
    }

    /// <summary>Begins the next version of a contract in force. Uploads lapse unless <c>carriesOver</c> is filled in a file.</summary>
    public static ContractDraft NextVersion(Contract active)
    {
        ArgumentNullException.ThrowIfNull(active);
        return ContractDraft.Of(active with { Version = active.Version + 1, Previous = DocumentCodec.DigestOf(active), CarriesOver = [] });
    }

    /// <summary>A collaborator without a name.</summary>
    public static JsonObject Collaborator() => Object(("id", string.Empty), ("name", string.Empty), ("rootKey", string.Empty));

    /// <summary>A dataset of which nothing may be asked.</summary>
    public static JsonObject Dataset(string owner) => Object(
        ("name", string.Empty), ("owner", owner), ("schema", Empty),
        ("policy", Object(
            ("unit", JsonNull.Instance), ("tier", "threshold"), ("columns", Object()),
            ("join", Object(("required", Empty), ("with", Empty), ("maxRowsPerUnit", 1L), ("maxFanout", 1_000L))), ("threshold", Threshold(0)),
            ("dp", JsonNull.Instance), ("access", Object(("queriesPerDay", 50L), ("queriesLifetime", 1_000L))), ("receivers", Empty), ("analysts", Empty),
            ("approval", "each"))));

    /// <summary>The people that a dataset protects, and the threshold that goes with them.</summary>
    public static ContractDraft WithUnit(ContractDraft draft, string dataset, string column)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (column.Length == 0)
        {
            return draft.With($"{dataset}/policy/unit", JsonNull.Instance).With($"{dataset}/policy/threshold/minUnits", 0L)
                .With($"{dataset}/policy/threshold/dominancePercent", JsonNull.Instance);
        }

        if (draft.Find($"{dataset}/policy/unit") is JsonObject)
        {
            return draft.With($"{dataset}/policy/unit/column", column);
        }

        return draft.With($"{dataset}/policy/unit", Object(("column", column), ("domain", "person-v1"))).With($"{dataset}/policy/threshold", Threshold(50));
    }

    /// <summary>The tier, with the budget that it takes or does not.</summary>
    public static ContractDraft WithTier(ContractDraft draft, string dataset, string tier)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var isNoisy = tier == "dp";
        var next = draft.With($"{dataset}/policy/tier", tier);
        return isNoisy == (draft.Find($"{dataset}/policy/dp") is JsonObject)
            ? next
            : next.With($"{dataset}/policy/dp", isNoisy
                ? Object(("epsilon", "1"), ("delta", "0.000000001"), ("maxEpsilonPerQuery", "0.1"), ("maxGroupsPerUnit", 1L), ("refresh", "none"))
                : JsonNull.Instance);
    }

    /// <summary>A query that the contract agrees on.</summary>
    public static JsonObject Template() => Object(("name", string.Empty), ("description", string.Empty), ("sql", string.Empty), ("parameters", Empty));

    /// <summary>A parameter of a template.</summary>
    public static JsonObject Parameter() => Object(("name", string.Empty), ("type", "int32"));

    /// <summary>How many people of a collaborator must approve.</summary>
    public static JsonObject Quorum(string collaborator) => Object(("collaborator", collaborator), ("members", 2L));

    /// <summary>An approval in advance, of nothing yet.</summary>
    public static JsonObject Standing(string collaborator) =>
        Object(("collaborator", collaborator), ("templateDigest", string.Empty), ("analysts", Empty), ("maxRuns", 1L));

    /// <summary>Code that is accepted, of which nothing is known yet.</summary>
    public static JsonObject Tuple() => Object(
        ("tee", "amd-sev-snp"), ("values", Object(("measurement", string.Empty))), ("minimumTcb", Object()), ("chipIds", List("any")), ("anchors", Empty), ("debug", JsonBoolean.False));

    /// <summary>Gets a list of nothing.</summary>
    public static JsonArray Empty { get; } = new([]);

    /// <summary>Makes a list of words.</summary>
    public static JsonArray List(params IEnumerable<string> words) => new([.. words.Select(word => (JsonValue)word)]);

    private static JsonObject Threshold(long minUnits) =>
        Object(("minUnits", minUnits), ("dominancePercent", JsonNull.Instance), ("history", "enforce"), ("maxCells", 2_000L));

    private static JsonObject Object(params (string Name, JsonValue Value)[] members) => new([.. members.Select(member => new JsonMember(member.Name, member.Value))]);
}
