using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Documents;

/// <content>Attestations as they are served outside the channel.</content>
public static partial class DocumentCodec
{
    /// <summary>Writes an attestation as JCS bytes.</summary>
    public static byte[] Encode(NodeAttestation attestation) => Canonical(attestation, DocumentJsonContext.Default.NodeAttestation);

    /// <summary>Reads an attestation. Trust: attacker-controlled.</summary>
    public static Result<NodeAttestation> ParseAttestation(ReadOnlySpan<byte> utf8) =>
        ParseCanonical(utf8).TryGet(out var tree, out var refusals)
            ? Read(utf8, tree, DocumentJsonContext.Default.NodeAttestation, DocumentJsonContext.Default.NodeAttestation, extraMember: null)
            : refusals;
}
