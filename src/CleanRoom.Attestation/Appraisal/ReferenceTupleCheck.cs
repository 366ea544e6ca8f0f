using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>Compares claims with one whole tuple of reference values. A claim that is wanted and missing has failed.</summary>
internal sealed class ReferenceTupleCheck
{
    private const string AnyChip = "any";
    private const string Missing = "none";

    private readonly List<FailedCheck> _failures = [];
    private readonly string _tuple;

    private ReferenceTupleCheck(string tuple) => _tuple = tuple;

    /// <summary>Returns every value of the tuple that the claims do not meet.</summary>
    public static ImmutableArray<FailedCheck> Failures(ReferenceTuple tuple, string name, EvidenceClaims claims, bool allowInsecure)
    {
        var check = new ReferenceTupleCheck(name);
        check.CheckValues(tuple, claims);
        check.CheckGuarded(tuple, claims);
        check.CheckTcb(tuple, claims);
        check.CheckChip(tuple, claims);
        check.CheckAnchor(tuple, claims);
        check.CheckDebug(tuple, claims, allowInsecure);
        return [.. check._failures];
    }

    private void CheckValues(ReferenceTuple tuple, EvidenceClaims claims)
    {
        if (!tuple.Values.ContainsKey(EvidenceClaims.Measurement))
        {
            // A tuple without a measurement would accept any code on that kind of machine.
            Fail(EvidenceClaims.Measurement, "a reference value in the contract", "none");
        }

        foreach (var (claim, wanted) in tuple.Values)
        {
            var got = claims.Values.GetValueOrDefault(claim, Missing);
            if (!string.Equals(got, wanted, StringComparison.Ordinal))
            {
                Fail(claim, wanted, got);
            }
        }
    }

    private void CheckGuarded(ReferenceTuple tuple, EvidenceClaims claims)
    {
        foreach (var guarded in claims.Guarded.Where(guarded => !tuple.Values.ContainsKey(guarded.Claim)))
        {
            var got = claims.Values.GetValueOrDefault(guarded.Claim, Missing);
            if (!guarded.IsSafe(got))
            {
                Fail(guarded.Claim, $"{guarded.Wanted}, since the contract does not name it,", got);
            }
        }
    }

    private void CheckTcb(ReferenceTuple tuple, EvidenceClaims claims)
    {
        foreach (var (component, least) in tuple.MinimumTcb)
        {
            if (!claims.Tcb.TryGetValue(component, out var got))
            {
                Fail($"tcb.{component}", $"at least {least}", Missing);
            }
            else if (got < least)
            {
                Fail($"tcb.{component}", $"at least {least}", got.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private void CheckChip(ReferenceTuple tuple, EvidenceClaims claims)
    {
        if (tuple.ChipIds is [AnyChip])
        {
            return;
        }

        if (claims.ChipId is null || !tuple.ChipIds.Contains(claims.ChipId, StringComparer.Ordinal))
        {
            Fail("chip-id", tuple.ChipIds.IsEmpty ? "an accepted chip, of which the contract names none" : string.Join(" or ", tuple.ChipIds), claims.ChipId ?? Missing);
        }
    }

    private void CheckAnchor(ReferenceTuple tuple, EvidenceClaims claims)
    {
        // Only evidence of a TEE without roots has no anchor; then the contract must not count on one either.
        var met = claims.Anchor is { } anchor ? tuple.Anchors.Contains(anchor) : tuple.Anchors.IsEmpty;
        if (!met)
        {
            Fail("anchor", tuple.Anchors.IsEmpty ? Missing : string.Join(" or ", tuple.Anchors), claims.Anchor?.ToString() ?? Missing);
        }
    }

    private void CheckDebug(ReferenceTuple tuple, EvidenceClaims claims, bool allowInsecure)
    {
        if (claims.Debug && !tuple.Debug)
        {
            Fail("debug", "false", "true");
        }
        else if (tuple.Debug && !allowInsecure)
        {
            _failures.Add(new FailedCheck(
                RefusalCode.InsecureNotAllowed, "debug", $"a contract that says allowInsecure ({_tuple})", "one that accepts debug without it"));
        }
    }

    private void Fail(string check, string wanted, string got) =>
        _failures.Add(new FailedCheck(RefusalCode.EvidenceNotAccepted, check, $"{wanted} ({_tuple})", got));
}
