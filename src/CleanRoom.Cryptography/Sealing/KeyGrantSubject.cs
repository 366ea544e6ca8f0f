using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>What a key grant is bound to.</summary>
/// <remarks>Spec: contracts/spec/0010 s.6.</remarks>
public sealed record KeyGrantSubject
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    public required Digest ManifestDigest { get; init; }

    /// <summary>Gets the owner's collaborator id.</summary>
    public required string Owner { get; init; }

    /// <summary>Returns the subject that a grant names.</summary>
    public static KeyGrantSubject Of(KeyGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return new KeyGrantSubject
        {
            Collaboration = grant.Collaboration,
            ContractDigest = grant.ContractDigest,
            Dataset = grant.Dataset,
            ManifestDigest = grant.ManifestDigest,
            Owner = grant.Owner,
        };
    }

    /// <summary>Returns JCS{collaboration, contractDigest, dataset, manifestDigest, owner}.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("contractDigest", ContractDigest),
        new JsonMember("dataset", Dataset),
        new JsonMember("manifestDigest", ManifestDigest),
        new JsonMember("owner", Owner)));
}
