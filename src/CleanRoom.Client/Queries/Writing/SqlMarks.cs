using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Queries.Writing;

/// <summary>Finds where in a text the reasons of a verdict are: at a line and column, or where the name stands that a reason is about.</summary>
/// <remarks>A reason that names no place, or a name that the text has not, is listed without one. Spec: contracts/spec/0008 s.2, s.4.</remarks>
public static partial class SqlMarks
{
    /// <summary>Returns the marks, each place once, from the first to the last.</summary>
    /// <param name="sql">The text that the verdict is about.</param>
    /// <param name="verdict">The room's.</param>
    public static ImmutableArray<SqlMark> Of(string sql, Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(verdict);
        var words = SqlWords.Of(sql);
        var marks = verdict.Owners.SelectMany(owner => owner.Codes.Zip(owner.Reasons)).SelectMany(pair => Places(sql, words, pair.First, pair.Second));

        // One underline for a place: the first reason says it, the verdict below says all.
        List<SqlMark> kept = [];
        foreach (var mark in marks.OrderBy(mark => mark.Start).ThenByDescending(mark => mark.Length))
        {
            if (kept.Count == 0 || mark.Start >= kept[^1].Start + kept[^1].Length)
            {
                kept.Add(mark);
            }
        }

        return [.. kept];
    }

    private static IEnumerable<SqlMark> Places(string sql, ImmutableArray<SqlWord> words, string code, string reason)
    {
        if (LineAndColumn().Match(reason) is { Success: true } place)
        {
            return At(sql, place) is { } start ? [new SqlMark(start, char.IsHighSurrogate(sql[start]) ? 2 : 1, code, reason)] : [];
        }

        var kind = code.Split(':')[0];
        var named = kind switch
        {
            VerdictCodes.Context when code.Split(':') is [_, var column, _] => column,
            VerdictCodes.Function or VerdictCodes.Table when reason.IndexOf(" is n", StringComparison.Ordinal) is var end and > 0 => reason[..end],
            VerdictCodes.TableFunction or VerdictCodes.AggFn when reason.LastIndexOf(", not ", StringComparison.Ordinal) is var from and > 0 => reason[(from + ", not ".Length)..],
            _ => string.Empty,
        };
        return named.Length == 0 ? [] : Named(sql, words, named).Select(span => new SqlMark(span.Start, span.Length, code, reason));
    }

    /// <summary>Every place where the name stands: one word, or two with a point between them.</summary>
    private static IEnumerable<(int Start, int Length)> Named(string sql, ImmutableArray<SqlWord> words, string name)
    {
        var parts = name.Split('.');
        for (var i = 0; i + parts.Length <= words.Length; i++)
        {
            var first = i;
            if (Enumerable.Range(0, parts.Length).All(j => words[first + j].Is(parts[j])
                && (j == 0 || (words[first + j].Start == words[first + j - 1].End + 1 && sql[words[first + j - 1].End] == '.'))))
            {
                yield return (words[i].Start, words[i + parts.Length - 1].End - words[i].Start);
            }
        }
    }

    private static int? At(string sql, Match place)
    {
        var line = int.Parse(place.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var start = 0;
        for (var i = 1; i < line; i++)
        {
            var end = sql.IndexOf('\n', start);
            if (end < 0)
            {
                return null;
            }

            start = end + 1;
        }

        var at = start + int.Parse(place.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) - 1;
        return at >= start && at < sql.Length ? at : null;
    }

    [GeneratedRegex(@"at line ([0-9]{1,5}), column ([0-9]{1,5})", RegexOptions.CultureInvariant)]
    private static partial Regex LineAndColumn();
}
