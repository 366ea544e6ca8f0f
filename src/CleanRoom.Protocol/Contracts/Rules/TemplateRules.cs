using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>Query templates and their parameters. What a template may ask is decided by the policy. Spec: contracts/spec/0002 s.5.</summary>
internal static class TemplateRules
{
    private const int MaxTemplates = 256;
    private const int MaxParameters = 32;
    private const int DescriptionLength = 1_000;
    private const int SqlLength = 65_536;
    private const int MaxScale = 18;

    public static void Check(Contract contract, Findings findings)
    {
        findings.Require(contract.Templates.Length <= MaxTemplates, "templates", $"at most {MaxTemplates}", $"{contract.Templates.Length}");
        findings.Distinct(contract.Templates.Select(template => template.Name), "templates", Names.Show);
        var units = contract.Datasets
            .Where(dataset => dataset.Policy.Unit is not null)
            .Select(dataset => dataset.Policy.Unit!.Column)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var template in contract.Templates)
        {
            var path = $"templates[{Names.Show(template.Name)}]";
            findings.Require(Names.IsLowerName(template.Name, 63, "_-"), $"{path}.name", "[a-z][a-z0-9_-]{0,62}", Names.Show(template.Name));
            findings.Require(
                Names.IsPlain(template.Description, DescriptionLength),
                $"{path}.description", $"1 to {DescriptionLength} printable characters", Names.Show(template.Description));
            findings.Require(
                template.Parameters.Length <= MaxParameters, $"{path}.parameters", $"at most {MaxParameters}", $"{template.Parameters.Length}");
            findings.Distinct(template.Parameters.Select(parameter => parameter.Name), $"{path}.parameters", Names.Show);
            foreach (var parameter in template.Parameters)
            {
                CheckParameter(parameter, $"{path}.parameters[{Names.Show(parameter.Name)}]", findings);
            }

            if (Names.IsPlain(template.Sql, SqlLength, lines: true))
            {
                CheckSql(template, units, path, findings);
            }
            else
            {
                findings.Add($"{path}.sql", $"1 to {SqlLength} printable characters", $"{template.Sql.Length} characters of another kind");
            }
        }
    }

    private static void CheckParameter(TemplateParameter parameter, string path, Findings findings)
    {
        findings.Declared(parameter.Type, $"{path}.type");
        CollaboratorRules.ShortName(parameter.Name, $"{path}.name", findings);

        // A caller's identifier in a query is a question about one person.
        findings.Require(
            parameter.Type is not (ColumnType.Uuid or ColumnType.Sha256), $"{path}.type", "no identifier", parameter.Type.ToString().ToLowerInvariant());
        var limits = new ColumnDomain { Values = parameter.Values, Min = parameter.Min, Max = parameter.Max, Step = parameter.Step };
        var limited = parameter.Values is not null || parameter.Min is not null || parameter.Max is not null || parameter.Step is not null;
        if (limited)
        {
            DomainRules.Check(parameter.Type, parameter.Type == ColumnType.Decimal ? MaxScale : 0, limits, path, findings);
        }
        else
        {
            findings.Require(
                parameter.Type is ColumnType.Boolean or ColumnType.Date or ColumnType.Timestamp, path, "values, or min and max", "neither");
        }
    }

    private static void CheckSql(QueryTemplate template, HashSet<string> units, string path, Findings findings)
    {
        path = $"{path}.sql";
        var tokens = SqlTokens.Of(template.Sql);
        foreach (var token in tokens.Where(token => token.Kind == SqlTokenKind.Forbidden))
        {
            findings.Add(path, "one statement without comments, dollar quotes, prefixed strings and unnamed parameters", token.Text);
            return;
        }

        var used = tokens.Where(token => token.Kind == SqlTokenKind.Parameter).Select(token => token.Text).ToHashSet(StringComparer.Ordinal);
        var declared = template.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in used.Except(declared).Order(StringComparer.Ordinal))
        {
            findings.Add(path, "declared parameters only", Names.Show("$" + name));
        }

        foreach (var name in declared.Except(used).Order(StringComparer.Ordinal))
        {
            findings.Add(path, $"a use of the parameter {Names.Show("$" + name)}", "none");
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind == SqlTokenKind.Parameter && ComparedWith(tokens, i).FirstOrDefault(units.Contains) is { } unit)
            {
                findings.Add(path, "no parameter on a unit column: a question about one person", $"{Names.Show("$" + tokens[i].Text)} on {Names.Show(unit)}");
            }
        }
    }

    // The words on the other side of =, <, IN (...) or BETWEEN ... AND. An alias may hide the column from this; it does not hide
    // it from the policy, which wants the use filter, and a unit column cannot have that.
    private static IEnumerable<string> ComparedWith(ImmutableArray<SqlToken> tokens, int at)
    {
        var left = at - 1;
        while (left >= 0 && IsBetween(tokens, left))
        {
            left--;
        }

        if (left >= 0 && left < at - 1 && tokens[left].Kind == SqlTokenKind.Word)
        {
            yield return tokens[left].Text;
        }

        if (at + 1 < tokens.Length && tokens[at + 1].Kind == SqlTokenKind.Symbol && tokens[at + 1].Text[0] is '<' or '>' or '=' or '!')
        {
            foreach (var token in tokens.Skip(at + 2).TakeWhile(token => token.Kind == SqlTokenKind.Word || token.Text == "."))
            {
                yield return token.Text;
            }
        }
    }

    private static bool IsBetween(ImmutableArray<SqlToken> tokens, int at) => tokens[at] switch
    {
        { Kind: SqlTokenKind.Symbol, Text: "(" or "," or "=" or "<" or ">" or "<=" or ">=" or "<>" or "!=" or "==" } => true,
        { Kind: SqlTokenKind.Word, Text: "in" or "not" or "between" } => true,
        { Kind: SqlTokenKind.Word, Text: "and" } => at >= 2 && tokens[at - 2] is { Kind: SqlTokenKind.Word, Text: "between" },
        { Kind: SqlTokenKind.Parameter or SqlTokenKind.Literal } => true,
        _ => false,
    };
}
