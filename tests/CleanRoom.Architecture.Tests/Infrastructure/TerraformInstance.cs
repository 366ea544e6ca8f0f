using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>A folder as one root calls it: its variables have the values that the calls give, as far as they are known before anything is made.</summary>
/// <remarks>What only the cloud knows, and a root's variable without a default, is the sample word.</remarks>
internal sealed partial class TerraformInstance(TerraformFolder folder, TerraformInstance? caller, JsonObject given, IReadOnlyList<TerraformFolder> all)
{
    /// <summary>What stands for a value that nobody knows yet. It is a number, a name, and no address.</summary>
    public const string Sample = "7";

    public TerraformFolder Folder => folder;

    public TerraformInstance Root => caller?.Root ?? this;

    /// <summary>Returns this folder and all that it calls.</summary>
    public IEnumerable<TerraformInstance> Tree() => Called().SelectMany(inner => inner.Tree()).Prepend(this);

    /// <summary>Gives the value of an attribute, with every reference in it resolved.</summary>
    public JsonNode? Value(JsonNode? attribute) => attribute switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Value(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Value)]),
        JsonValue value when value.TryGetValue<string>(out var text) && text.Contains("${", StringComparison.Ordinal) => Text(text),
        _ => attribute?.DeepClone(),
    };

    /// <summary>Renders a call of templatefile: <c>${name}</c> and <c>${jsonencode(name)}</c>, and nothing else.</summary>
    public string Render(string call)
    {
        var template = folder.Templates[call];
        var file = ((string)template["file"]!).Trim('"').Replace("${path.module}", folder.Path, StringComparison.Ordinal);
        file = Interpolation().Replace(file, match => (string)Expression(match.Groups[1].Value)!);
        var items = template["items"] is JsonObject named
            ? named.ToDictionary(item => item.Key, item => Expression((string)item.Value!))
            : Expression((string)template["given"]!)!.AsObject().ToDictionary(item => item.Key, item => item.Value);
        return Token().Replace(Repository.Read(file).TrimEnd('\n'), token =>
        {
            var name = token.Groups["name"].Value;
            items.Should().ContainKey(name, file);
            return token.Groups["json"].Success ? items[name]?.ToJsonString() ?? "null" : $"{items[name]}";
        });
    }

    private IEnumerable<TerraformInstance> Called() => folder.Modules.Select(call =>
        new TerraformInstance(all.Single(one => one.Path == Source(call.Value)), this, call.Value, all));

    private string Source(JsonObject call) =>
        Path.GetRelativePath(".", Path.Combine(folder.Path, (string)call["source"]!)).Replace('\\', '/');

    // One whole expression keeps its kind; several in a text are put in.
    private JsonNode? Text(string text) => IsOneExpression(text)
        ? Expression(text[2..^1])
        : JsonValue.Create(Interpolation().Replace(text, match => $"{Expression(match.Groups[1].Value)}"));

    private static bool IsOneExpression(string text)
    {
        var open = 0;
        for (var at = 1; at < text.Length && text.StartsWith("${", StringComparison.Ordinal); at++)
        {
            open += text[at] is '{' ? 1 : text[at] is '}' ? -1 : 0;
            if (open == 0)
            {
                return at == text.Length - 1;
            }
        }

        return false;
    }

    private JsonNode? Expression(string expression)
    {
        if (folder.Templates.ContainsKey(expression))
        {
            return JsonValue.Create(Render(expression));
        }

        var parts = expression.Trim().Split('.');
        return !Traversal().IsMatch(expression) || parts.Length < 2 ? JsonValue.Create(Sample) : parts[0] switch
        {
            "var" => Inside(Variable(parts[1]), parts[2..]),
            "local" => Inside(Value(folder.Locals[parts[1]]), parts[2..]),
            _ => JsonValue.Create(Sample),
        };
    }

    private JsonNode? Variable(string name)
    {
        var declared = folder.Variables[name];
        return caller is not null && given.TryGetPropertyValue(name, out var value) ? WithAllMembers(declared, caller.Value(value))
            : declared.TryGetPropertyValue("default", out var standard) ? Value(standard)
            : JsonValue.Create(Sample);
    }

    // An object has every member of its type, those that were left out as null.
    private static JsonNode? WithAllMembers(JsonObject declared, JsonNode? value)
    {
        if (value is JsonObject members && (string?)declared["type"] is { } type && type.StartsWith("${object(", StringComparison.Ordinal))
        {
            foreach (var name in Member().Matches(type).Select(match => match.Groups[1].Value).Where(name => !members.ContainsKey(name)))
            {
                members[name] = null;
            }
        }

        return value;
    }

    private static JsonNode? Inside(JsonNode? value, string[] path) => path.Length == 0 || value is null ? value
        : value is JsonObject members ? Inside(members[path[0]]?.DeepClone(), path[1..])
        : JsonValue.Create(Sample);

    [GeneratedRegex(@"\$\{([^{}]*)\}")]
    private static partial Regex Interpolation();

    [GeneratedRegex(@"^\s*[a-z][\w-]*(\.[\w-]+)+\s*$")]
    private static partial Regex Traversal();

    [GeneratedRegex(@"\$\{\s*(?:(?<json>jsonencode)\((?<name>\w+)\)|(?<name>\w+))\s*\}")]
    private static partial Regex Token();

    [GeneratedRegex(@"(\w+)\s*=\s*(?:optional\(|string|number|bool)")]
    private static partial Regex Member();
}
