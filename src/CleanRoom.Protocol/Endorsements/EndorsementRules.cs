using System.Collections.Frozen;
using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts.Rules;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Endorsements;

/// <summary>What a code endorsement may say under a contract. An endorsement names other code, and widens nothing else. Spec: contracts/spec/0025 s.3.</summary>
public static class EndorsementRules
{
    /// <summary>The claim that every endorsed tuple names.</summary>
    internal const string Measurement = "measurement";

    private const string AnyChip = "any";
    private const int NonceBytes = 16;
    private const int MaxReason = 1_000;

    /// <summary>The claims that name code, over all TEEs. What a tuple says of any other claim is about the machine, and is the contract's to say.</summary>
    private static readonly FrozenSet<string> _code = Enumerable.Range(0, 24).Select(index => $"pcr{index}")
        .Concat(["rtmr0", "rtmr1", "rtmr2", "rtmr3", "rem0", "rem1", "rem2", "rem3"])
        .Concat([Measurement, "launchMeasurement", "hostData", "familyId", "imageId", "mrConfigId"])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Says whether a claim names code. What is said of any other is about the machine.</summary>
    public static bool NamesCode(string claim) => _code.Contains(claim);

    /// <summary>Returns everything that is wrong with an endorsement's text; no signature is looked at.</summary>
    /// <param name="endorsement">Trust: attacker-controlled.</param>
    /// <param name="collaboration">The collaboration that it has to name.</param>
    /// <param name="contract">The contract that it has to name. Trust: checked by <see cref="Contracts.ContractRules"/>.</param>
    /// <returns>
    /// <see cref="RefusalCode.NotPermitted"/> for another collaboration, a contract without endorsers and a tuple that is wider than the contract's;
    /// <see cref="RefusalCode.ContractConflict"/> for another contract; <see cref="RefusalCode.InsecureNotAllowed"/> for debug;
    /// <see cref="RefusalCode.DocumentInvalid"/> and <see cref="RefusalCode.ContractInvalid"/> for a form that is broken; empty when all is well.
    /// </returns>
    public static ImmutableArray<Refusal> Check(CodeEndorsement endorsement, string collaboration, Contract contract)
    {
        ArgumentNullException.ThrowIfNull(endorsement);
        ArgumentNullException.ThrowIfNull(contract);
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        if (endorsement.Collaboration != collaboration)
        {
            refusals.Add(new(RefusalCode.NotPermitted, $"an endorsement for collaboration {collaboration}", $"one for {Names.Show(endorsement.Collaboration)}"));
        }

        var digest = DocumentCodec.DigestOf(contract);
        if (endorsement.ContractDigest != digest)
        {
            refusals.Add(new(RefusalCode.ContractConflict, $"an endorsement under contract {digest.Abbreviated}", $"one under {endorsement.ContractDigest.Abbreviated}"));
        }

        if (contract.Attestation.CodeEndorsers.IsEmpty)
        {
            refusals.Add(new(RefusalCode.NotPermitted, "a contract that names code endorsers", "one that names none: other code takes a new version"));
        }

        CheckForm(endorsement, contract, refusals);
        CheckTuple(endorsement.Tuple, contract, refusals);
        return refusals.ToImmutable();
    }

    private static void CheckForm(CodeEndorsement endorsement, Contract contract, ImmutableArray<Refusal>.Builder refusals)
    {
        (bool Holds, string Wanted, string Got)[] rules =
        [
            (endorsement.Nonce.Length == NonceBytes, $"a nonce of {NonceBytes} bytes", $"{endorsement.Nonce.Length} bytes"),
            (Names.IsPlain(endorsement.Reason, MaxReason), $"a reason of 1 to {MaxReason} printable characters", $"{endorsement.Reason.Length} characters of another form"),
            (endorsement.NotBefore < endorsement.Expires, "notBefore before expires", $"{endorsement.NotBefore} to {endorsement.Expires}"),
            (endorsement.Expires <= contract.Expires, $"an endorsement until {contract.Expires} at most, when the contract ends", $"{endorsement.Expires}"),
        ];
        refusals.AddRange(rules.Where(rule => !rule.Holds).Select(rule => new Refusal(RefusalCode.DocumentInvalid, rule.Wanted, rule.Got)));
    }

    private static void CheckTuple(ReferenceTuple tuple, Contract contract, ImmutableArray<Refusal>.Builder refusals)
    {
        var findings = new Findings();
        AttestationRules.CheckTuple(tuple, contract.AllowInsecure, "tuple", findings);
        findings.Require(tuple.Values.ContainsKey(Measurement), "tuple.values", $"a {Measurement}", "none");
        refusals.AddRange(findings.ToImmutable());
        if (tuple.Debug)
        {
            // Also where the contract accepts debug: that was for the code that it names.
            refusals.Add(new(RefusalCode.InsecureNotAllowed, "an endorsed tuple with debug false", "true"));
        }

        var reasons = contract.Attestation.Accepted.Select(accepted => WhyWider(tuple, accepted)).ToImmutableArray();
        if (!reasons.Contains(null))
        {
            // A contract has a tuple at least; the first of the same TEE says most.
            refusals.Add(contract.Attestation.Accepted.Zip(reasons).Where(pair => pair.First.Tee == tuple.Tee).Select(pair => pair.Second).FirstOrDefault()
                ?? new Refusal(RefusalCode.NotPermitted, "a tee that the contract accepts", Names.Show(tuple.Tee)));
        }
    }

    /// <summary>Says in what a tuple accepts more than other code on the machines of a tuple of the contract; null when in nothing.</summary>
    private static Refusal? WhyWider(ReferenceTuple tuple, ReferenceTuple accepted)
    {
        const string Wanted = "what a tuple of the contract says, but for the code: ";
        if (tuple.Tee != accepted.Tee)
        {
            return new(RefusalCode.NotPermitted, Wanted + $"tee {accepted.Tee}", Names.Show(tuple.Tee));
        }

        if (accepted.Values.Keys.FirstOrDefault(claim => !tuple.Values.ContainsKey(claim)) is { } missing)
        {
            return new(RefusalCode.NotPermitted, Wanted + $"a value for {missing}", "none");
        }

        if (tuple.Values.Where(pair => !NamesCode(pair.Key)).Select(pair => pair.Key)
            .FirstOrDefault(claim => accepted.Values.GetValueOrDefault(claim) != tuple.Values[claim]) is { } other)
        {
            return new(RefusalCode.NotPermitted, Wanted + $"{Names.Show(other)} {accepted.Values.GetValueOrDefault(other) ?? "not named"}", Names.Show(tuple.Values[other]));
        }

        if (accepted.MinimumTcb.FirstOrDefault(pair => !tuple.MinimumTcb.TryGetValue(pair.Key, out var least) || least < pair.Value) is { Key: { } component } floor)
        {
            return new(RefusalCode.NotPermitted, Wanted + $"{component} from {floor.Value}", tuple.MinimumTcb.TryGetValue(component, out var got) ? $"{got}" : "none");
        }

        if (accepted.ChipIds is not [AnyChip] && tuple.ChipIds.FirstOrDefault(chip => !accepted.ChipIds.Contains(chip)) is { } foreign)
        {
            return new(RefusalCode.NotPermitted, Wanted + "its chips", Names.Show(foreign));
        }

        return tuple.Anchors.Any(anchor => !accepted.Anchors.Contains(anchor))
            ? new(RefusalCode.NotPermitted, Wanted + "its anchors", "another anchor")
            : null;
    }
}
