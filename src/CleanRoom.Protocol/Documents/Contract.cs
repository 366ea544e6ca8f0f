using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>What the collaborators sign. Spec: contracts/spec/0002.</summary>
public sealed record Contract : Document
{
    /// <summary>Gets the name that all versions of this contract share: 32 lower-case hex digits, random.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the version, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Gets the digest of the version before; null for version 1.</summary>
    public required Digest? Previous { get; init; }

    public required string Title { get; init; }

    public required string Purpose { get; init; }

    /// <summary>Gets the digest of the legal text that the collaborators agreed on outside.</summary>
    public required Digest LegalTextSha256 { get; init; }

    public required ImmutableArray<Collaborator> Collaborators { get; init; }

    public required ImmutableArray<Dataset> Datasets { get; init; }

    public required ImmutableArray<QueryTemplate> Templates { get; init; }

    public required ApprovalRules Approval { get; init; }

    public required OutputRules Output { get; init; }

    public required AttestationPolicy Attestation { get; init; }

    public required RollbackDefence Rollback { get; init; }

    public required RecoveryRules Recovery { get; init; }

    /// <summary>Gets the manifests that owners authorise again for this version; all others are zeroed when it becomes active.</summary>
    public required ImmutableArray<CarriedDataset> CarriesOver { get; init; }

    /// <summary>Gets a value that says whether a simulated TEE and undercut floors are accepted. Never true for real data.</summary>
    public required bool AllowInsecure { get; init; }

    public required Timestamp NotBefore { get; init; }

    public required Timestamp Expires { get; init; }
}

/// <summary>An organisation that signs the contract.</summary>
public sealed record Collaborator
{
    /// <summary>Gets the short name used in SQL and messages: <c>[a-z][a-z0-9_]{0,30}</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Gets the ES256 key that delegates to members: 65 bytes, uncompressed P-256 point.</summary>
    public required Bytes RootKey { get; init; }
}

/// <summary>A dataset that its owner will bring. Its SQL name is <c>owner.name</c>.</summary>
public sealed record Dataset
{
    /// <summary>Gets the short name: <c>[a-z][a-z0-9_]{0,30}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the collaborator's id.</summary>
    public required string Owner { get; init; }

    /// <summary>Gets the columns in file order.</summary>
    public required ImmutableArray<SchemaColumn> Schema { get; init; }

    public required DatasetPolicy Policy { get; init; }

    /// <summary>Gets <c>owner.name</c>.</summary>
    [JsonIgnore]
    public string SqlName => $"{Owner}.{Name}";
}

/// <summary>A column as it stands in the file; its type and what may be done with it are in the policy.</summary>
public sealed record SchemaColumn
{
    public required string Name { get; init; }

    public required bool Nullable { get; init; }

    /// <summary>Gets a value that says whether no value may occur twice.</summary>
    public required bool Unique { get; init; }
}

/// <summary>How queries are approved.</summary>
public sealed record ApprovalRules
{
    /// <summary>Gets who signs a contract: always all.</summary>
    public required ContractApproval Contract { get; init; }

    /// <summary>Gets how many different members of a collaborator must sign; a collaborator that is not named needs one.</summary>
    public required ImmutableArray<Quorum> Quorum { get; init; }

    public required ImmutableArray<StandingApproval> Standing { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ContractApproval>))]
public enum ContractApproval
{
    [JsonStringEnumMemberName("all")] All = 1,
}

/// <summary>Four-eyes rule inside one collaborator.</summary>
public sealed record Quorum
{
    public required string Collaborator { get; init; }

    /// <summary>Gets the number of different members, from 1.</summary>
    public required int Members { get; init; }
}

/// <summary>An approval given in the contract to a template within limits.</summary>
public sealed record StandingApproval
{
    public required string Collaborator { get; init; }

    public required Digest TemplateDigest { get; init; }

    public required ImmutableArray<string> Analysts { get; init; }

    /// <summary>Gets the number of runs that it covers over the contract's life.</summary>
    public required int MaxRuns { get; init; }
}

/// <summary>What may leave, and when.</summary>
public sealed record OutputRules
{
    public required ImmutableArray<OutputFormat> Formats { get; init; }

    public required int MaxRows { get; init; }

    public required int RetentionDays { get; init; }

    /// <summary>Gets the answer schedule in milliseconds: an answer leaves at the next multiple; null for none.</summary>
    public required int? AnswerEveryMs { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<OutputFormat>))]
public enum OutputFormat
{
    [JsonStringEnumMemberName("arrow")] Arrow = 1,
    [JsonStringEnumMemberName("csv")] Csv = 2,
    [JsonStringEnumMemberName("parquet")] Parquet = 3,
}

/// <summary>The code that may open the data.</summary>
public sealed record AttestationPolicy
{
    public required ImmutableArray<ReferenceTuple> Accepted { get; init; }

    /// <summary>Gets the ES256 keys that together, all of them, may endorse later code (contracts/spec/0025); empty accepts none.</summary>
    public required ImmutableArray<Bytes> CodeEndorsers { get; init; }
}

/// <summary>One whole tuple of reference values; evidence must match all values of one tuple, never a mixture.</summary>
public sealed record ReferenceTuple
{
    /// <summary>Gets the TEE: <c>simulated</c>, <c>tpm</c>, <c>amd-sev-snp</c>, <c>intel-tdx</c>, ...</summary>
    public required string Tee { get; init; }

    /// <summary>Gets claim name to hex value; each must be equal.</summary>
    public required ImmutableSortedDictionary<string, string> Values { get; init; }

    /// <summary>Gets component name to least security version.</summary>
    public required ImmutableSortedDictionary<string, int> MinimumTcb { get; init; }

    /// <summary>Gets the accepted chips in hex, or the single word <c>any</c>.</summary>
    public required ImmutableArray<string> ChipIds { get; init; }

    /// <summary>Gets the SHA-256 of the SubjectPublicKeyInfo of each accepted root.</summary>
    public required ImmutableArray<Digest> Anchors { get; init; }

    /// <summary>Gets a value that says whether a debuggable guest is accepted; true needs <see cref="Contract.AllowInsecure"/>.</summary>
    public required bool Debug { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<RollbackDefence>))]
public enum RollbackDefence
{
    [JsonStringEnumMemberName("witnesses")] Witnesses = 1,
    [JsonStringEnumMemberName("counter")] Counter = 2,
    [JsonStringEnumMemberName("none")] None = 3,
}

/// <summary>Recovery of the collaboration secret by shares.</summary>
public sealed record RecoveryRules
{
    /// <summary>Gets how many collaborators together can restore the secret; null switches recovery off. Spec: contracts/spec/0026.</summary>
    public required int? K { get; init; }
}

/// <summary>A manifest that stays valid under a new version.</summary>
public sealed record CarriedDataset
{
    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    public required Digest ManifestDigest { get; init; }
}
