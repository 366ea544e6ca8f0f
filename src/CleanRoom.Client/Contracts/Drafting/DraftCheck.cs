using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Client.Contracts.Drafting;

/// <summary>What the reader and the rules that every room uses say of a draft.</summary>
/// <param name="Contract">The contract, read from the draft's own bytes, once nothing is wrong with it; null before.</param>
/// <param name="Readable">
/// What can be said of it in words: the contract, or a copy of the draft in which each value that cannot be read gave way to a stand-in; null when more
/// than single values is unreadable. Never to be signed.
/// </param>
/// <param name="Problems">Everything that is wrong, each with its place; empty exactly when there is a contract.</param>
/// <param name="Unreadable">The places with a stand-in.</param>
public sealed record DraftCheck(Contract? Contract, Contract? Readable, ImmutableArray<DraftProblem> Problems, ImmutableArray<string> Unreadable)
{
    /// <summary>A draft has more values than this only when it is no contract at all.</summary>
    private const int MostStandIns = 200;

    /// <summary>Checks a draft.</summary>
    public static DraftCheck Of(ContractDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var problems = ImmutableArray.CreateBuilder<DraftProblem>();
        var unreadable = ImmutableArray.CreateBuilder<string>();
        var at = draft;
        while (true)
        {
            if (DocumentCodec.Parse<Contract>(at.ToBytes()).TryGet(out var contract, out var refusals))
            {
                // A rule about a stand-in would be about nothing that the person wrote.
                problems.AddRange(ContractRules.Find(contract)
                    .Select(problem => new DraftProblem(DraftPlaces.OfRule(draft, problem.Path), problem.Wanted, problem.Got))
                    .Where(problem => !unreadable.Contains(problem.Place)));
                return new DraftCheck(problems.Count == 0 ? contract : null, contract, [.. problems.Distinct()], unreadable.ToImmutable());
            }

            var found = refusals.Select(refusal => (Refusal: refusal, Place: DraftPlaces.OfRefusal(at, refusal))).ToList();
            problems.AddRange(found.Select(one => new DraftProblem(one.Place, WithoutPath(one.Refusal.Wanted), WithoutPath(one.Refusal.Got))));
            var readable = found.Aggregate(at, (tree, one) => StandIn(tree, one.Refusal, one.Place, isSecond: unreadable.Contains(one.Place)) ?? tree);
            if (ReferenceEquals(readable, at) || unreadable.Count > MostStandIns)
            {
                return new DraftCheck(null, null, [.. problems.Distinct()], unreadable.ToImmutable());
            }

            unreadable.AddRange(found.Select(one => one.Place));
            at = readable;
        }
    }

    /// <summary>Returns the draft with a value that can be read at the place; null when there is none.</summary>
    private static ContractDraft? StandIn(ContractDraft draft, Refusal refusal, string place, bool isSecond)
    {
        if (place.Length == 0 || isSecond || draft.Find(place) is not { } value)
        {
            return null;
        }

        if (refusal.Got.StartsWith("the unknown member", StringComparison.Ordinal))
        {
            return draft.Without(place);
        }

        JsonValue? standIn = (refusal.Wanted, value) switch
        {
            ("64 lower-case hex digits", _) => new string('0', 64),
            ("canonical base64 with padding", _) => string.Empty,
            ("a value of the member's kind", JsonString) => 1L,
            var (wanted, _) when wanted.StartsWith("a time such as", StringComparison.Ordinal) =>
                place == "/expires" ? "9999-12-31T00:00:00.000Z" : "2000-01-01T00:00:00.000Z",
            var (wanted, _) when wanted.StartsWith("a decimal number", StringComparison.Ordinal) => "0",
            _ => null,
        };
        return standIn is null ? null : draft.With(place, standIn);
    }

    /// <summary>The place is said apart: a person does not read it as a path.</summary>
    private static string WithoutPath(string text)
    {
        var path = text.IndexOf('$', StringComparison.Ordinal);
        return path <= 0 ? (path == 0 ? "another" : text) : text[..path].TrimEnd() is var words && words.EndsWith(" at", StringComparison.Ordinal) ? words[..^3] : text[..path].TrimEnd();
    }
}
