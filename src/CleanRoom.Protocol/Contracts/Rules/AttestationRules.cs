using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>Which code may open the data. A field that is left empty refuses; it never means "not checked". Spec: contracts/spec/0002 s.10.</summary>
internal static class AttestationRules
{
    private const string Simulated = "simulated";
    private const string Measurement = "measurement";
    private const string AnyChip = "any";
    private const int NameLength = 63;
    private const int ValueLength = 1_024;
    private const int MaxTuples = 256;

    /// <summary>What one envelope holds: with more keys than it has room for signatures no endorsement could ever count.</summary>
    private const int MaxEndorsers = EnvelopeCodec.MaxSignatures;

    /// <summary>Checks a policy.</summary>
    /// <param name="allowInsecure">Whether the simulated TEE and debug may be named.</param>
    public static void Check(AttestationPolicy policy, bool allowInsecure, Findings findings)
    {
        var count = policy.Accepted.Length;
        findings.Require(count is >= 1 and <= MaxTuples, "attestation.accepted", $"1 to {MaxTuples} tuples", $"{count}");
        for (var i = 0; i < count; i++)
        {
            CheckTuple(policy.Accepted[i], allowInsecure, $"attestation.accepted[{i}]", findings);
        }

        CheckRepeated(policy, findings);
        var endorsers = policy.CodeEndorsers.Length;
        findings.Require(endorsers <= MaxEndorsers, "attestation.codeEndorsers", $"at most {MaxEndorsers} keys", $"{endorsers}");
        findings.Distinct(policy.CodeEndorsers, "attestation.codeEndorsers", key => Digest.Of(key.Span).Abbreviated);
        foreach (var endorser in policy.CodeEndorsers)
        {
            findings.Require(
                CollaboratorRules.IsPoint(endorser),
                "attestation.codeEndorsers", "65 bytes that begin with 04", CollaboratorRules.Describe(endorser));
        }
    }

    /// <summary>Checks one tuple of a policy, or of a code endorsement.</summary>
    public static void CheckTuple(ReferenceTuple tuple, bool insecure, string path, Findings findings)
    {
        findings.Require(Names.IsLowerName(tuple.Tee, NameLength, "-"), $"{path}.tee", "[a-z][a-z0-9-]{0,62}", Names.Show(tuple.Tee));
        var simulated = tuple.Tee == Simulated;
        findings.Require(!simulated || insecure, $"{path}.tee", "a real TEE, unless allowInsecure", Simulated);
        findings.Require(!tuple.Debug || insecure, $"{path}.debug", "false, unless allowInsecure", "true");
        findings.Require(!tuple.Values.IsEmpty, $"{path}.values", "at least one reference value: none would accept any code", "none");
        foreach (var (claim, value) in tuple.Values)
        {
            findings.Require(
                Names.IsPlain(claim, NameLength) && claim.All(char.IsAsciiLetterOrDigit),
                $"{path}.values", "claim names of letters and digits", Names.Show(claim));
            findings.Require(
                claim == Measurement ? IsHex(value) : IsText(value),
                $"{path}.values[{Names.Show(claim)}]",
                claim == Measurement ? "lower-case hex" : $"1 to {ValueLength} printable characters",
                Names.Show(value));
        }

        foreach (var (component, least) in tuple.MinimumTcb)
        {
            findings.Require(
                Names.IsPlain(component, NameLength) && least >= 0,
                $"{path}.minimumTcb", "component names with a version from 0", $"{Names.Show(component)} {least}");
        }

        findings.Require(
            tuple.ChipIds is [AnyChip] || (!tuple.ChipIds.IsEmpty && tuple.ChipIds.All(IsHex)),
            $"{path}.chipIds", "chips in lower-case hex, or the single word any", $"{tuple.ChipIds.Length} entries of another form");
        findings.Distinct(tuple.ChipIds, $"{path}.chipIds", Names.Show);
        findings.Distinct(tuple.Anchors, $"{path}.anchors", anchor => anchor.Abbreviated);
        findings.Require(simulated || !tuple.Anchors.IsEmpty, $"{path}.anchors", "at least one root to pin, or the key itself where nothing vouches for it", "none");
    }

    private static void CheckRepeated(AttestationPolicy policy, Findings findings)
    {
        for (var i = 0; i < policy.Accepted.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                findings.Require(
                    !SameTuple(policy.Accepted[i], policy.Accepted[j]), $"attestation.accepted[{i}]", "each tuple once", $"the same as entry {j}");
            }
        }
    }

    private static bool SameTuple(ReferenceTuple left, ReferenceTuple right) =>
        left.Tee == right.Tee && left.Values.SequenceEqual(right.Values) && left.MinimumTcb.SequenceEqual(right.MinimumTcb)
        && left.ChipIds.SequenceEqual(right.ChipIds) && left.Anchors.SequenceEqual(right.Anchors) && left.Debug == right.Debug;

    /// <summary>Claims that are bytes are compared as lower-case hex; others are words, versions or names.</summary>
    private static bool IsText(string text) => text.Length is >= 1 and <= ValueLength && text.All(c => c is >= ' ' and <= '~');

    private static bool IsHex(string text) =>
        text.Length is >= 2 and <= ValueLength && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower);
}
