using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts.Rules;

namespace CleanRoom.Protocol.Contracts.Differences;

/// <summary>Collects the differences of one part of a contract, all about the same collaborator.</summary>
/// <param name="concerns">The collaborator's id, or <see cref="ContractChange.All"/>.</param>
/// <param name="who">The subject of the sentences.</param>
/// <param name="root">The path of the part; empty for the contract itself.</param>
/// <param name="target">Where the changes go.</param>
internal sealed class Changes(string concerns, string who, string root, ImmutableArray<ContractChange>.Builder target)
{
    /// <summary>Returns a collector for another part.</summary>
    public Changes For(string concerns, string who, string root) => new(concerns, who, root, target);

    /// <summary>Adds a change; <paramref name="text"/> is the sentence without its end, such as <c>clinic lowers the threshold</c>.</summary>
    public void Add(ChangeKind kind, string path, string text) =>
        target.Add(new ContractChange(
            kind, concerns, root.Length == 0 ? path : $"{root}.{path}", $"{text}: {kind.ToString().ToUpperInvariant()}"));

    /// <summary>Compares two values that have an order; a larger one does <paramref name="more"/>, a smaller one the opposite.</summary>
    public void Ordered<T>(string path, string what, T before, T after, ChangeKind more, string unit = "")
        where T : struct, IComparable<T>
    {
        var order = after.CompareTo(before);
        if (order != 0)
        {
            Add(order > 0 ? more : Opposite(more), path, $"{who} {(order > 0 ? "raises" : "lowers")} {what} from {before} to {after}{unit}");
        }
    }

    /// <summary>Compares two values that have an order and may be absent; a value where there was none does <paramref name="present"/>.</summary>
    public void Optional<T>(string path, string what, T? before, T? after, ChangeKind more, ChangeKind present, string unit = "")
        where T : struct, IComparable<T>
    {
        if (before is { } old && after is { } now)
        {
            Ordered(path, what, old, now, more, unit);
        }
        else if (after is { } set)
        {
            Add(present, path, $"{who} sets {what} to {set}{unit}; before there was none");
        }
        else if (before is { } gone)
        {
            Add(Opposite(present), path, $"{who} removes {what}, which was {gone}{unit}");
        }
    }

    /// <summary>Compares two values without an order.</summary>
    public void Replaced<T>(string path, string what, T before, T after, ChangeKind kind, Func<T, string> show)
    {
        if (!EqualityComparer<T>.Default.Equals(before, after))
        {
            Add(kind, path, $"{who} changes {what} from {show(before)} to {show(after)}");
        }
    }

    /// <summary>Compares a switch; switching on does <paramref name="on"/>.</summary>
    public void Switched(string path, string what, bool before, bool after, ChangeKind on)
    {
        if (before != after)
        {
            Add(after ? on : Opposite(on), path, $"{who} switches {what} {(after ? "on" : "off")}");
        }
    }

    /// <summary>Compares two lists as sets; an entry more does <paramref name="adding"/>, one less the opposite, another order nothing.</summary>
    public void Set<T>(
        string path, string what, IReadOnlyCollection<T> before, IReadOnlyCollection<T> after, ChangeKind adding, Func<T, string> show)
    {
        var added = after.Except(before).ToList();
        var removed = before.Except(after).ToList();
        foreach (var item in added)
        {
            Add(adding, path, $"{who} adds {show(item)} to {what}");
        }

        foreach (var item in removed)
        {
            Add(Opposite(adding), path, $"{who} removes {show(item)} from {what}");
        }

        if (added.Count == 0 && removed.Count == 0 && !before.SequenceEqual(after))
        {
            Add(ChangeKind.Neutral, path, $"{who} writes {what} in another order");
        }
    }

    /// <summary>Returns tightens for loosens and the other way round.</summary>
    public static ChangeKind Opposite(ChangeKind kind) => kind switch
    {
        ChangeKind.Tightens => ChangeKind.Loosens,
        ChangeKind.Loosens => ChangeKind.Tightens,
        _ => kind,
    };

    /// <summary>Returns the member of an enumeration in words.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => Words.Of(value);

    /// <summary>Returns a text of the contract in quotes.</summary>
    public static string Quote(string text) => Names.Show(text);
}
