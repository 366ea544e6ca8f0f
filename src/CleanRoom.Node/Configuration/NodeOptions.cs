using System.ComponentModel.DataAnnotations;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Partitions;

namespace CleanRoom.Node.Configuration;

/// <summary>How a node runs. Read from one JSON file; an unknown member refuses.</summary>
public sealed class NodeOptions
{
    /// <summary>Gets where the HTTP API listens.</summary>
    /// <value>An <c>http</c> address with a port; port 0 takes a free one. Default <c>http://127.0.0.1:8470</c>.</value>
    [Required]
    public string Listen { get; init; } = "http://127.0.0.1:8470";

    /// <summary>Gets the directory of the ledger, the sealed objects and, with the simulated TEE, its sealing key.</summary>
    /// <value>Default <c>cleanroom-data</c> in the working directory.</value>
    [Required]
    public string DataDirectory { get; init; } = "cleanroom-data";

    /// <summary>Gets the PostgreSQL database that holds the ledger; null for SQLite in the data directory.</summary>
    /// <value>Default null.</value>
    public PostgresOptions? Postgres { get; init; }

    /// <summary>Gets the cluster that this node is a member of; null for a node alone, whose silo nobody can join.</summary>
    /// <value>Default null.</value>
    public NodeClusterOptions? Cluster { get; init; }

    /// <summary>Gets the directory of the sealed objects, such as one that several machines mount; null for <c>objects</c> in the data directory.</summary>
    /// <value>A path. Default null. Not with <see cref="S3"/> or <see cref="AzureBlobs"/>.</value>
    public string? ObjectsDirectory { get; init; }

    /// <summary>Gets the bucket that holds the sealed objects; null for the data directory, or <see cref="AzureBlobs"/>.</summary>
    /// <value>Default null.</value>
    public S3Options? S3 { get; init; }

    /// <summary>Gets the container of blobs that holds the sealed objects; null for the data directory, or <see cref="S3"/>.</summary>
    /// <value>Default null.</value>
    public AzureBlobOptions? AzureBlobs { get; init; }

    /// <summary>Gets where traces and metrics go, as OTLP; null for nowhere.</summary>
    /// <value>An absolute address. Default null.</value>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Gets the least level of the node's own log lines, which go to standard error.</summary>
    /// <value>trace, debug, information, warning, error, critical or none. Default information.</value>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Gets the TEE that the node attests and seals with.</summary>
    /// <value>
    /// auto, simulated, amd-sev-snp, intel-tdx, arm-cca, aws-nitro, azure-vtpm, gcp-confidential-space or tpm. auto takes the first that the
    /// machine has (contracts/spec/0006 s.11), and never the simulated one. Default null: simulated in a development build, else auto.
    /// </value>
    public string? Tee { get; init; }

    /// <summary>Gets how a TPM is used.</summary>
    public TpmOptions Tpm { get; init; } = new();

    /// <summary>Gets what runs may use.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Gets how datasets are taken in.</summary>
    public IngestLimits Ingest { get; init; } = new();

    /// <summary>Gets how much one member, one room and one upload may ask of the node.</summary>
    public AdmissionOptions Admission { get; init; } = new();
}
