using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Endorsements;

/// <summary>What an appraisal under a contract found.</summary>
/// <param name="Node">What the appraisal gave.</param>
/// <param name="Endorsements">The endorsements that accept the code, those in force first; empty where the contract itself names it.</param>
public sealed record CodeAppraised<T>(T Node, ImmutableArray<VerifiedEndorsement> Endorsements)
    where T : notnull;

/// <summary>The one place that says which code a contract accepts at a moment: its own tuples, and those that its code endorsers have endorsed.</summary>
/// <remarks>Pure. The fold, a client, a receipt and a certificate of destruction come through here. Spec: contracts/spec/0025 s.5.</remarks>
public static class CodeAppraisal
{
    /// <summary>The most endorsements under a contract that have not ended. Evidence is appraised against each: a bound on the work that a row can make.</summary>
    public const int MaxStanding = 16;

    /// <summary>Appraises against the contract's own tuples, and, where these do not accept, against each endorsement by itself.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="endorsements">Endorsements under it.</param>
    /// <param name="at">The moment: row time in a ledger.</param>
    /// <param name="appraise">Verifies evidence and appraises it against what it is given, as of <paramref name="at"/>. Pure.</param>
    /// <returns>What it gave; or why neither the contract nor an endorsement in force accepts the evidence.</returns>
    public static Result<CodeAppraised<T>> Appraise<T>(
        Contract contract, IEnumerable<VerifiedEndorsement> endorsements, Timestamp at, Func<AcceptedCode, Result<T>> appraise)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(endorsements);
        ArgumentNullException.ThrowIfNull(appraise);
        var own = appraise(AcceptedCode.Of(contract));
        if (own.IsAccepted)
        {
            return new CodeAppraised<T>(own.Value, []);
        }

        // One that begins later is kept too: an endorsement can be renewed before it ends.
        var accepting = endorsements.Where(one => !one.HasEnded(at)).OrderByDescending(one => one.IsInForce(at))
            .Select(one => (Endorsement: one, Result: appraise(AcceptedCode.Of(contract, one))))
            .Where(one => one.Result.IsAccepted)
            .ToImmutableArray();
        if (accepting is [var first, ..] && first.Endorsement.IsInForce(at))
        {
            return new CodeAppraised<T>(first.Result.Value, [.. accepting.Select(one => one.Endorsement)]);
        }

        // For people alone: what each of all the tuples lacks. It accepts nothing.
        return endorsements.Any(one => one.IsInForce(at)) && appraise(At(contract, endorsements, at)) is { IsAccepted: false } all ? all.Refusals : own.Refusals;
    }

    /// <summary>Says whether one endorsement accepts the code, whenever it counts.</summary>
    public static bool Accepts<T>(Contract contract, VerifiedEndorsement endorsement, Func<AcceptedCode, Result<T>> appraise)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(endorsement);
        ArgumentNullException.ThrowIfNull(appraise);
        return appraise(AcceptedCode.Of(contract, endorsement)).IsAccepted;
    }

    /// <summary>Returns all the code that is accepted at a moment, for a report on evidence that is not.</summary>
    public static AcceptedCode At(Contract contract, IEnumerable<VerifiedEndorsement> endorsements, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(endorsements);
        return AcceptedCode.Of(contract, endorsements.Where(one => one.IsInForce(at)));
    }
}
