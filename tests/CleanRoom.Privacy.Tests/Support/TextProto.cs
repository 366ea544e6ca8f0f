using System.Globalization;
using System.Text.RegularExpressions;

namespace CleanRoom.Privacy.Tests.Support;

/// <summary>A message of a protocol buffer in text form: fields in order, each a scalar's text or another message.</summary>
internal sealed partial class TextProto
{
    private readonly List<(string Name, object Value)> _fields = [];

    public static TextProto Parse(string text)
    {
        var tokens = new Queue<string>(Token().Matches(text).Select(match => match.Value).Where(token => token[0] != '#'));
        var message = Message(tokens, root: true);
        return tokens.Count == 0 ? message : throw new FormatException($"wanted the end, got {tokens.Peek()}");
    }

    public TextProto Child(string name) => Children(name).Single();

    public IEnumerable<TextProto> Children(string name) => Named(name).Cast<TextProto>();

    public string Text(string name) => Named(name).Cast<string>().Single().Trim('"');

    public string TextOr(string name, string absent) => (string?)Named(name).SingleOrDefault() ?? absent;

    public double Number(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);

    public IReadOnlyList<string> Texts(string name) => [.. Named(name).Cast<string>()];

    private static TextProto Message(Queue<string> tokens, bool root)
    {
        var message = new TextProto();
        while (tokens.TryPeek(out var next) && (root || next != "}"))
        {
            var name = tokens.Dequeue();
            if (tokens.Peek() == ":")
            {
                _ = tokens.Dequeue();
            }

            foreach (var value in Value(tokens))
            {
                message._fields.Add((name, value));
            }
        }

        return message;
    }

    private static List<object> Value(Queue<string> tokens)
    {
        var token = tokens.Dequeue();
        if (token == "{")
        {
            var message = Message(tokens, root: false);
            _ = tokens.Dequeue();
            return [message];
        }

        if (token != "[")
        {
            return [token];
        }

        List<object> values = [];
        while (tokens.Dequeue() is var item && item != "]")
        {
            if (item != ",")
            {
                values.Add(item);
            }
        }

        return values;
    }

    private IEnumerable<object> Named(string name) => _fields.Where(field => field.Name == name).Select(field => field.Value);

    [GeneratedRegex("""#[^\n]*|"[^"]*"|[\[\]{}:,]|[^\s\[\]{}:,#"]+""")]
    private static partial Regex Token();
}
