using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>The dataset version that an ingest report is bound to.</summary>
/// <param name="Collaboration">The collaboration's id.</param>
/// <param name="Dataset">The dataset's SQL name.</param>
/// <param name="ManifestDigest">The version.</param>
/// <remarks>Spec: contracts/spec/0010 s.8.1.</remarks>
public sealed record ReportContext(string Collaboration, string Dataset, Digest ManifestDigest)
{
    /// <summary>Returns JCS{collaboration, dataset, manifestDigest}, which binds the blob.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("dataset", Dataset),
        new JsonMember("manifestDigest", ManifestDigest)));

    /// <summary>Returns JCS{collaboration, collaborator, commitment, dataset, manifestDigest, member}, which binds a wrap.</summary>
    public byte[] WrapAssociatedData(string collaborator, string member, Digest commitment) => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("collaborator", collaborator),
        new JsonMember("commitment", commitment),
        new JsonMember("dataset", Dataset),
        new JsonMember("manifestDigest", ManifestDigest),
        new JsonMember("member", member)));
}
