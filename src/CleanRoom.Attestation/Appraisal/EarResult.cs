using System.Buffers.Text;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>An attestation result in the form that other programs read: EAT Attestation Results, as a JSON claims set without a signature.</summary>
/// <remarks>Spec: draft-ietf-rats-ear-04; AR4SI; contracts/spec/attestation/ear.md.</remarks>
public sealed record EarResult
{
    /// <summary>The profile that the draft gives itself.</summary>
    public const string Profile = "tag:ietf.org,2026:rats/ear#04";

    /// <summary>Gets what was found.</summary>
    public required AttestationResult Result { get; init; }

    /// <summary>Gets the policy that it was appraised against; null when authenticity alone was judged.</summary>
    public required AttestationPolicy? Policy { get; init; }

    /// <summary>Gets who made the verifier.</summary>
    public required string Developer { get; init; }

    /// <summary>Gets which build of the verifier this is.</summary>
    public required string Build { get; init; }

    /// <summary>Gets when this is issued, which may be later than the moment of appraisal.</summary>
    public required Timestamp IssuedAt { get; init; }

    /// <summary>Returns the name of a policy: RFC 6920, over the SHA-256 of its JCS bytes.</summary>
    public static string PolicyId(AttestationPolicy policy) =>
        $"ni:///sha-256;{Base64Url.EncodeToString(DocumentCodec.DigestOf(policy).ToArray())}";

    /// <summary>Returns the claims set. Its status is never better than the verdict, nor than the worst claim of the vector.</summary>
    public JsonObject ToJson()
    {
        var vector = TrustworthinessVector.Of(Result, Policy);
        var status = (AttestationVerdict)Math.Max((int)Result.Verdict, (int)vector.Worst);
        List<JsonMember> appraisal = [new("ear_status", status.Word()), new("ear_trustworthiness_vector", vector.ToJson())];
        if (Policy is { } policy)
        {
            appraisal.Add(new("ear_appraisal_policy_ids", new JsonArray([PolicyId(policy)])));
        }

        List<JsonMember> claims =
        [
            new("eat_profile", Profile),
            new("iat", IssuedAt.Value.ToUnixTimeSeconds()),
            new("ear_verifier_id", new JsonObject(new JsonMember("developer", Developer), new JsonMember("build", Build))),
            new("submods", new JsonObject(new JsonMember(Result.Tee, new JsonObject([.. appraisal])))),
        ];
        if (Result.ValidUntil is { } until)
        {
            claims.Add(new("exp", until.Value.ToUnixTimeSeconds()));
        }

        return new JsonObject([.. claims]);
    }
}
