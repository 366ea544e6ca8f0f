using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Differences;

/// <summary>Compares the agreed query templates.</summary>
internal static class TemplateDifferences
{
    public static void Compare(ImmutableArray<QueryTemplate> before, ImmutableArray<QueryTemplate> after, Changes changes)
    {
        changes.Set(
            "templates", "the agreed query templates",
            [.. before.Select(template => template.Name)], [.. after.Select(template => template.Name)], ChangeKind.Loosens, Changes.Quote);
        foreach (var now in after)
        {
            if (before.FirstOrDefault(template => template.Name == now.Name) is { } old)
            {
                CompareTemplate(old, now, changes.For(ContractChange.All, "the new version", $"templates[{now.Name}]"));
            }
        }
    }

    private static void CompareTemplate(QueryTemplate before, QueryTemplate after, Changes changes)
    {
        var name = Changes.Quote(after.Name);
        changes.Replaced("description", $"the description of the template {name}", before.Description, after.Description, ChangeKind.Neutral, Changes.Quote);
        if (before.Sql != after.Sql)
        {
            changes.Add(ChangeKind.Loosens, "sql", $"the new version changes the question that the template {name} asks");
        }

        changes.Set(
            "parameters", $"the parameters of the template {name}",
            [.. before.Parameters.Select(parameter => parameter.Name)],
            [.. after.Parameters.Select(parameter => parameter.Name)], ChangeKind.Loosens, Changes.Quote);
        foreach (var now in after.Parameters)
        {
            if (before.Parameters.FirstOrDefault(parameter => parameter.Name == now.Name) is { } old)
            {
                CompareParameter(old, now, $"{name} parameter {Changes.Quote(now.Name)}", changes);
            }
        }
    }

    private static void CompareParameter(TemplateParameter before, TemplateParameter after, string what, Changes changes)
    {
        changes.Replaced("parameters", $"the type of {what}", before.Type, after.Type, ChangeKind.Loosens, Changes.Word);
        if (before.Values is { } old && after.Values is { } now)
        {
            changes.Set("parameters", $"the values of {what}", old, now, ChangeKind.Loosens, Changes.Quote);
        }
        else if (before.Values is null != after.Values is null)
        {
            changes.Add(
                after.Values is null ? ChangeKind.Loosens : ChangeKind.Tightens, "parameters",
                $"the values of {what} are {(after.Values is null ? "no longer" : "now")} listed");
        }

        changes.Optional("parameters", $"the least value of {what}", before.Min, after.Min, ChangeKind.Tightens, ChangeKind.Tightens);
        changes.Optional("parameters", $"the largest value of {what}", before.Max, after.Max, ChangeKind.Loosens, ChangeKind.Tightens);
        changes.Optional("parameters", $"the step of {what}", before.Step, after.Step, ChangeKind.Tightens, ChangeKind.Tightens);
    }
}
