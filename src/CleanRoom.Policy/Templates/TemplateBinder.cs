using System.Collections.Immutable;
using System.Text;
using CleanRoom.Policy.Lexing;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Templates;

/// <summary>Puts checked values into a template, token by token, so that a value is always exactly one literal.</summary>
/// <remarks>
/// The engine's parse trees of both texts are compared afterwards (<see cref="TemplateShape"/>), and the text with values goes through the
/// whole analysis like any other: a template is agreed on, not trusted. Spec: contracts/spec/0008 s.9.
/// </remarks>
internal static class TemplateBinder
{
    /// <summary>Returns the template's texts; null when it is refused, which is then among the findings.</summary>
    public static TemplateText? Bind(Contract contract, Digest digest, ImmutableSortedDictionary<string, string> given, Findings findings)
    {
        var template = contract.Templates.FirstOrDefault(candidate => DocumentCodec.DigestOf(candidate) == digest);
        if (template is null)
        {
            findings.Add(RoomRules.Template("the digest names no template of the contract", "use a template of this contract's version"));
            return null;
        }

        if (SqlTextLimits.Check(template.Sql) is { } wrong)
        {
            findings.Add(RoomRules.Template($"the template {template.Name} has no acceptable text: {wrong}", "use another template"));
            return null;
        }

        var literals = Literals(template, given, findings);
        return literals is null ? null : Substitute(template, literals, findings);
    }

    private static Dictionary<string, Literal>? Literals(
        QueryTemplate template, ImmutableSortedDictionary<string, string> given, Findings findings)
    {
        var literals = new Dictionary<string, Literal>(StringComparer.Ordinal);
        if (given.Keys.Any(name => template.Parameters.All(parameter => parameter.Name != name)))
        {
            findings.Add(RoomRules.Parameter($"a value is given for a parameter that the template {template.Name} does not have"));
            return null;
        }

        foreach (var parameter in template.Parameters)
        {
            if (!given.TryGetValue(parameter.Name, out var value))
            {
                findings.Add(RoomRules.Parameter($"the parameter {parameter.Name} has no value"));
                return null;
            }

            if (ParameterValue.Check(parameter, value) is not { } literal)
            {
                findings.Add(RoomRules.Parameter($"the value of {parameter.Name} is not of its type, list, range or step"));
                return null;
            }

            literals[parameter.Name] = literal;
        }

        return literals;
    }

    private static TemplateText? Substitute(QueryTemplate template, Dictionary<string, Literal> literals, Findings findings)
    {
        var text = new StringBuilder();
        var copied = 0;
        var lexer = new SqlLexer(template.Sql);
        while (lexer.Next(out var token))
        {
            if (token.Kind != SqlTokenKind.Parameter)
            {
                continue;
            }

            var name = token.In(template.Sql)[1..].ToString();
            if (!literals.TryGetValue(name, out var literal))
            {
                findings.Add(RoomRules.Template($"the template {template.Name} uses a parameter that it does not declare", "use another template"));
                return null;
            }

            text.Append(template.Sql, copied, token.Start - copied).Append(ParameterValue.ToSql(literal));
            copied = token.Start + token.Length;
        }

        text.Append(template.Sql, copied, template.Sql.Length - copied);
        return new TemplateText(template.Sql, text.ToString(), [.. literals.Values.Select(literal => literal.Text)]);
    }
}
