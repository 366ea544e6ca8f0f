using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>The claims of AR4SI s.2.3 about an attester. What was not looked at has no claim; the worst of several is taken.</summary>
/// <remarks>Spec: contracts/spec/attestation/ear.md s.3.</remarks>
internal sealed class TrustworthinessVector
{
    private const string InstanceIdentity = "instance-identity";
    private const string Configuration = "configuration";
    private const string Executables = "executables";
    private const string Hardware = "hardware";
    private const string RuntimeOpaque = "runtime-opaque";

    // Spec: AR4SI s.2.3.4, the numbers that are used here. 2 to 31 affirm, 32 to 95 warn, 96 and above contraindicate.
    private const int NoClaim = 0;
    private const int Recognised = 2;
    private const int ApprovedBoot = 3;
    private const int Warned = 32;
    private const int Contraindicated = 96;
    private const int Unrecognised = 97;
    private const int CryptographyFailed = 99;

    private const string AnyChip = "any";

    private static readonly ImmutableArray<string> _encryptedMemory = [TeeNames.AmdSevSnp, TeeNames.IntelTdx, TeeNames.IntelSgx, TeeNames.AzureVtpm];

    private readonly SortedDictionary<string, int> _claims = new(StringComparer.Ordinal);

    private TrustworthinessVector()
    {
    }

    /// <summary>Gets the worst tier among the claims.</summary>
    public AttestationVerdict Worst => _claims.Values.Max() switch
    {
        >= Contraindicated => AttestationVerdict.Contraindicated,
        >= Warned => AttestationVerdict.Warning,
        _ => AttestationVerdict.Affirming,
    };

    /// <summary>Makes the vector. With a failed check it holds nothing but what failed.</summary>
    public static TrustworthinessVector Of(AttestationResult result, AttestationPolicy? policy)
    {
        var vector = new TrustworthinessVector();
        if (result.Verdict == AttestationVerdict.Contraindicated || result.Claims is not { } claims)
        {
            foreach (var failure in result.Failures)
            {
                vector.AddFailed(failure);
            }
        }
        else if (result.Tee == TeeNames.Simulated)
        {
            vector.Add(Hardware, Warned);
        }
        else
        {
            vector.AddHeld(result.Tee, claims, policy);
        }

        if (vector._claims.Count == 0)
        {
            vector.Add(Hardware, NoClaim);
        }

        return vector;
    }

    /// <summary>Returns claim name to number.</summary>
    public JsonObject ToJson() => new([.. _claims.Select(claim => new JsonMember(claim.Key, claim.Value))]);

    private void AddHeld(string tee, EvidenceClaims claims, AttestationPolicy? policy)
    {
        if (claims.Anchor is not null)
        {
            Add(Hardware, Recognised);
        }

        if (_encryptedMemory.Contains(tee))
        {
            Add(RuntimeOpaque, claims.Debug ? Warned : Recognised);
        }

        if (policy is null)
        {
            return;
        }

        Add(Executables, ApprovedBoot);
        Add(Configuration, claims.Debug ? Warned : Recognised);
        var tuples = policy.Accepted.Where(tuple => tuple.Tee == tee).ToList();
        if (tuples.Count > 0 && tuples.TrueForAll(tuple => tuple.ChipIds is not [AnyChip]))
        {
            Add(InstanceIdentity, Recognised);
        }
    }

    private void AddFailed(FailedCheck failure)
    {
        var (claim, value) = failure switch
        {
            { Code: RefusalCode.EvidenceInvalid } => (InstanceIdentity, CryptographyFailed),
            { Code: RefusalCode.BindingMismatch } => (InstanceIdentity, Contraindicated),
            { Code: RefusalCode.EndorsementMissing } => (Hardware, Unrecognised),
            { Code: RefusalCode.Revoked } => (Hardware, Contraindicated),
            { Check: "measurement" } => (Executables, Contraindicated),
            { Check: "chip-id" } => (InstanceIdentity, Unrecognised),
            { Check: "tee" or "anchor" } => (Hardware, Unrecognised),
            { Check: "debug" } => (RuntimeOpaque, Contraindicated),
            { Check: "tcbStatus" } => (Hardware, Warned),
            { Check: var check } when check.StartsWith("tcb.", StringComparison.Ordinal) => (Hardware, Warned),
            _ => (Configuration, Contraindicated),
        };
        Add(claim, value);
    }

    private void Add(string claim, int value) => _claims[claim] = Math.Max(value, _claims.GetValueOrDefault(claim));
}
