using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>The owner's signed list of the sealed parts of one dataset version. Spec: contracts/spec/0007.</summary>
public sealed record DatasetManifest : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Gets the version, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Gets the digest of the manifest before; null for version 1.</summary>
    public required Digest? Previous { get; init; }

    /// <summary>Gets the upload that the parts were sealed for: 32 lower-case hex digits, random.</summary>
    public required string Upload { get; init; }

    /// <summary>Gets the column names as in the file, in file order.</summary>
    public required ImmutableArray<string> Schema { get; init; }

    public required SourceFormat Format { get; init; }

    public required long PlaintextBytes { get; init; }

    public required ImmutableArray<SealedPart> Parts { get; init; }

    public required Bytes Nonce { get; init; }
}

/// <summary>One sealed part: a stream of its own.</summary>
public sealed record SealedPart
{
    public required int Index { get; init; }

    /// <summary>Gets the place of the first plaintext byte in the source.</summary>
    public required long Offset { get; init; }

    /// <summary>Gets the number of plaintext bytes.</summary>
    public required int Bytes { get; init; }

    /// <summary>Gets the SHA-256 of the sealed bytes.</summary>
    public required Digest Digest { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<SourceFormat>))]
public enum SourceFormat
{
    [JsonStringEnumMemberName("csv")] Csv = 1,
    [JsonStringEnumMemberName("parquet")] Parquet = 2,
}

/// <summary>The owner's data key, sealed to the collaboration. Signed by the owner.</summary>
/// <remarks>HPKE info <c>cleanroom/v1/key-grant</c>, aad = JCS{collaboration, contractDigest, dataset, manifestDigest, owner}.</remarks>
public sealed record KeyGrant : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    public required string Dataset { get; init; }

    public required Digest ManifestDigest { get; init; }

    public required string Owner { get; init; }

    /// <summary>Gets the HPKE encapsulated key: 65 bytes.</summary>
    public required Bytes Enc { get; init; }

    /// <summary>Gets the sealed data key: 32 + 16 bytes.</summary>
    public required Bytes Ciphertext { get; init; }
}

/// <summary>The guest took in a dataset version. Signed by the node.</summary>
public sealed record IngestStatement : Document
{
    public required string Collaboration { get; init; }

    public required string Dataset { get; init; }

    public required Digest ManifestDigest { get; init; }

    /// <summary>Gets the derived, re-sealed objects; empty when the dataset was refused.</summary>
    public required ImmutableArray<DerivedObject> Derived { get; init; }

    public required bool Accepted { get; init; }

    public required long Rows { get; init; }

    /// <summary>Gets the largest number of rows of one unit that was found.</summary>
    public required long MaxRowsPerUnit { get; init; }

    /// <summary>Gets a value that says whether no row is of nobody; absent when false. Spec: contracts/spec/0007 s.5.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EveryRowHasUnit { get; init; }

    /// <summary>Gets the commitment to the owner's report: SHA-256 over label, salt and report.</summary>
    public required Digest ReportCommitment { get; init; }

    /// <summary>Gets the profiles whose columns hold tokens, ascending; absent when there are none. Spec: contracts/spec/0007 s.11.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Rekeyed { get; init; }
}

/// <summary>A derived Parquet file, sealed under the storage key.</summary>
public sealed record DerivedObject
{
    public required int Partition { get; init; }

    /// <summary>Gets the object's name in the store: 32 lower-case hex digits.</summary>
    public required string Name { get; init; }

    public required long PlaintextBytes { get; init; }

    /// <summary>Gets the SHA-256 of the sealed bytes.</summary>
    public required Digest Digest { get; init; }
}
