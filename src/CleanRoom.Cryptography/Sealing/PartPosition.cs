using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Where a sealed part of an upload stands; it opens nowhere else.</summary>
/// <remarks>A part is a <see cref="Streams.SealedStream"/> under the dataset's data key. Spec: contracts/spec/0010 s.6.</remarks>
public sealed record PartPosition
{
    public required string Collaboration { get; init; }

    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Gets the part's number, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the place of the first plaintext byte in the source.</summary>
    public required long Offset { get; init; }

    /// <summary>Gets the upload: 32 lower-case hex digits.</summary>
    public required string Upload { get; init; }

    /// <summary>Returns JCS{collaboration, dataset, index, offset, upload}.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("dataset", Dataset),
        new JsonMember("index", Index),
        new JsonMember("offset", Offset),
        new JsonMember("upload", Upload)));
}
