using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Which derived object of an ingested dataset this is; it opens as no other.</summary>
/// <remarks>A derived object is a <see cref="Streams.SealedStream"/> under the storage key. Spec: contracts/spec/0010 s.6.</remarks>
public sealed record DerivedPosition
{
    public required string Collaboration { get; init; }

    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    public required Digest ManifestDigest { get; init; }

    /// <summary>Gets the object's name in the store: 32 lower-case hex digits.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the hash partition's number, from 0.</summary>
    public required int Partition { get; init; }

    /// <summary>Returns JCS{collaboration, dataset, manifestDigest, name, partition}.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("dataset", Dataset),
        new JsonMember("manifestDigest", ManifestDigest),
        new JsonMember("name", Name),
        new JsonMember("partition", Partition)));
}
