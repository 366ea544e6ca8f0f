using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Policy.Verdicts;

/// <summary>The contract as it is written, to quote rules from it and to say what they would be after a change.</summary>
internal sealed class ContractText(Contract contract)
{
    private readonly Lazy<JsonValue> _tree = new(() => StrictJson.Parse(DocumentCodec.Encode(contract), DocumentCodec.MaxDocumentBytes).Value);

    /// <summary>Returns the pointer of a place into the contract. Spec: RFC 6901.</summary>
    public string PointerOf(RulePlace place) => string.Create(CultureInfo.InvariantCulture, $"/datasets/{IndexOf(place)}{place.Path}");

    /// <summary>Returns the value there as canonical JSON; null when there is none.</summary>
    public string? ValueAt(RulePlace place) => Text(Find(place));

    /// <summary>Returns the value there after edits of this place, as canonical JSON; null when the member would be taken away.</summary>
    public string? ValueAfter(RulePlace place, IEnumerable<RuleEdit> edits)
    {
        var value = Find(place);
        foreach (var edit in edits)
        {
            value = edit.Kind switch
            {
                RuleEditKind.Add => new JsonArray([.. Items(value).Where(item => Text(item) != Text(edit.Operand)), edit.Operand!]),
                RuleEditKind.Remove => new JsonArray([.. Items(value).Where(item => Text(item) != Text(edit.Operand))]),
                RuleEditKind.Set => edit.Operand,
                _ => null,
            };
        }

        return Text(value);
    }

    private static ImmutableArray<JsonValue> Items(JsonValue? value) => value is JsonArray array ? array.Items : [];

    private static string? Text(JsonValue? value) => value is null or JsonNull ? null : Encoding.UTF8.GetString(Jcs.Write(value));

    private int IndexOf(RulePlace place)
    {
        for (var i = 0; i < contract.Datasets.Length; i++)
        {
            if (contract.Datasets[i].SqlName == place.Dataset)
            {
                return i;
            }
        }

        throw new InvalidOperationException("wanted a rule of a dataset of the contract");
    }

    private JsonValue? Find(RulePlace place)
    {
        var value = (_tree.Value as JsonObject)?.Find("datasets") is JsonArray datasets ? datasets.Items[IndexOf(place)] : null;
        foreach (var member in place.Path.Split('/').Skip(1))
        {
            var name = member.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            value = (value as JsonObject)?.Find(name);
        }

        return value;
    }
}
