using System.Collections.Immutable;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Client.Contracts.Drafting;

/// <summary>Gives things in a draft other names, everywhere they are named; and takes them away.</summary>
/// <remarks>The text of a template is not touched: what it asks is its author's. Two things never get one name, since their rules would become one.</remarks>
public static class DraftNames
{
    private static readonly ImmutableArray<string> _lists = ["/policy/join/required", "/policy/join/with", "/policy/receivers", "/policy/analysts"];

    /// <summary>Renames a collaborator, as owner, receiver, analyst, approver.</summary>
    /// <returns>The draft, or null when another collaborator has the name.</returns>
    public static ContractDraft? RenameCollaborator(ContractDraft draft, int index, string name)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var before = draft.Text($"/collaborators/{index}/id") ?? string.Empty;
        if (IsTaken(draft, "/collaborators", "id", index, name))
        {
            return null;
        }

        draft = draft.With($"/collaborators/{index}/id", name);
        if (before.Length == 0)
        {
            return draft;
        }

        for (var i = 0; i < draft.Count("/datasets"); i++)
        {
            var at = $"/datasets/{i}";
            draft = Replace(draft, $"{at}/owner", before, name);
            draft = _lists.Aggregate(draft, (tree, list) => ReplaceIn(tree, at + list, before, name));
        }

        foreach (var kind in (string[])["quorum", "standing"])
        {
            for (var i = 0; i < draft.Count($"/approval/{kind}"); i++)
            {
                draft = Replace(draft, $"/approval/{kind}/{i}/collaborator", before, name);
                draft = ReplaceIn(draft, $"/approval/{kind}/{i}/analysts", before, name);
            }
        }

        return draft;
    }

    /// <summary>Adds a column that nothing may be done with.</summary>
    public static ContractDraft AddColumn(ContractDraft draft, string dataset, string name)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft
            .Add($"{dataset}/schema", new JsonObject(new JsonMember("name", name), new JsonMember("nullable", JsonBoolean.False), new JsonMember("unique", JsonBoolean.False)))
            .With(JsonPointer.Child($"{dataset}/policy/columns", name), new JsonObject(new JsonMember("type", "string"), new JsonMember("uses", DraftStart.Empty)));
    }

    /// <summary>Renames a column, with its rules and as the unit.</summary>
    /// <returns>The draft, or null when another column has the name.</returns>
    public static ContractDraft? RenameColumn(ContractDraft draft, string dataset, int index, string name)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var before = draft.Text($"{dataset}/schema/{index}/name") ?? string.Empty;
        if (IsTaken(draft, $"{dataset}/schema", "name", index, name) || (before != name && draft.Find(JsonPointer.Child($"{dataset}/policy/columns", name)) is not null))
        {
            return null;
        }

        return Replace(draft.With($"{dataset}/schema/{index}/name", name).Rename($"{dataset}/policy/columns", before, name), $"{dataset}/policy/unit/column", before, name);
    }

    /// <summary>Takes a column away, with its rules.</summary>
    public static ContractDraft RemoveColumn(ContractDraft draft, string dataset, int index)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var rules = JsonPointer.Child($"{dataset}/policy/columns", draft.Text($"{dataset}/schema/{index}/name") ?? string.Empty);
        return draft.Without($"{dataset}/schema/{index}").Without(rules);
    }

    private static bool IsTaken(ContractDraft draft, string list, string member, int index, string name) =>
        Enumerable.Range(0, draft.Count(list)).Any(i => i != index && draft.Text($"{list}/{i}/{member}") == name);

    private static ContractDraft Replace(ContractDraft draft, string place, string before, string after) =>
        draft.Text(place) == before ? draft.With(place, after) : draft;

    private static ContractDraft ReplaceIn(ContractDraft draft, string place, string before, string after) => draft.Words(place).Contains(before)
        ? draft.With(place, DraftStart.List(draft.Words(place).Select(word => word == before ? after : word)))
        : draft;
}
