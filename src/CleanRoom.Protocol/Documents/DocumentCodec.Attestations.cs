using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Documents;

/// <content>Attestations as they are served outside the channel, and policies in files of their own.</content>
public static partial class DocumentCodec
{
    /// <summary>Writes an attestation as JCS bytes.</summary>
    public static byte[] Encode(NodeAttestation attestation) => Canonical(attestation, DocumentJsonContext.Default.NodeAttestation);

    /// <summary>Reads an attestation. Trust: attacker-controlled.</summary>
    public static Result<NodeAttestation> ParseAttestation(ReadOnlySpan<byte> utf8) =>
        ParseCanonical(utf8).TryGet(out var tree, out var refusals)
            ? Read(utf8, tree, DocumentJsonContext.Default.NodeAttestation, DocumentJsonContext.Default.NodeAttestation, extraMember: null)
            : refusals;

    /// <summary>Writes an attestation policy as JCS bytes, as it stands in a contract.</summary>
    public static byte[] Encode(AttestationPolicy policy) => Canonical(policy, DocumentJsonContext.Default.AttestationPolicy);

    /// <summary>Returns SHA-256 over the policy's JCS bytes.</summary>
    public static Digest DigestOf(AttestationPolicy policy) => Digest.Of(Encode(policy));

    /// <summary>Reads an attestation policy as a person writes it: any whitespace and member order, and the rules of a contract's.</summary>
    /// <returns>The policy, or the refusals of <see cref="FromPerson{T}(ReadOnlySpan{byte})"/> and of <see cref="ContractRules.CheckAttestation"/>.</returns>
    public static Result<AttestationPolicy> PolicyFromPerson(ReadOnlySpan<byte> utf8) => Jcs.Canonicalize(utf8, MaxDocumentBytes)
        .Then(canonical => ParseCanonical(canonical).TryGet(out var tree, out var refusals)
            ? Read(canonical, tree, DocumentJsonContext.Default.AttestationPolicy, DocumentJsonContext.Default.AttestationPolicy, extraMember: null)
            : refusals)
        .Then(ByTheRules);

    private static Result<AttestationPolicy> ByTheRules(AttestationPolicy policy) =>
        ContractRules.CheckAttestation(policy, allowInsecure: true) is { IsEmpty: false } problems ? problems : policy;
}
