using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Node.Cluster;
using CleanRoom.Protocol;
using CleanRoom.Storage.Ledger.Postgres;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Configuration;

/// <summary>Reads and checks <see cref="NodeOptions"/>.</summary>
public static class NodeOptionsFile
{
    private const long LeastEngineMemoryBytes = 16L << 20;
    private const int MostOutputBytes = 256 << 20;
    private const int MostThreads = 256;
    private const int Pcrs = 24;
    private const int LongestClusterId = 64;
    private const int LongestSchema = 63;

    // By reflection: the generated reader would lose the defaults of members that the file leaves out.
    private static readonly JsonSerializerOptions _json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads the file.</summary>
    /// <returns>The options, or <see cref="RefusalCode.DocumentInvalid"/> for each value that is out of range.</returns>
    public static Result<NodeOptions> Read(string path)
    {
        if (!File.Exists(path))
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a configuration file", $"nothing at {path}");
        }

        try
        {
            var options = JsonSerializer.Deserialize<NodeOptions>(File.ReadAllBytes(path), _json);
            return options is null ? new Refusal(RefusalCode.DocumentInvalid, "a configuration object", "null") : Check(options);
        }
        catch (JsonException exception)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"a configuration in {path}", $"an error at {exception.Path ?? "$"}, line {exception.LineNumber + 1}");
        }
    }

    /// <summary>Checks ranges, all of them.</summary>
    public static Result<NodeOptions> Check(NodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (limits, admission, s3, azure, cluster) = (options.Limits, options.Admission, options.S3, options.AzureBlobs, options.Cluster);
        var roll = cluster?.Roll;
        (bool Holds, string Wanted, string Got)[] rules =
        [
            (Uri.TryCreate(options.Listen, UriKind.Absolute, out var listen) && listen.Scheme == Uri.UriSchemeHttp, "listen: an http address with a port", options.Listen),
            (options.DataDirectory.Length > 0, "dataDirectory: a path", "nothing"),
            (options.Postgres is null || File.Exists(options.Postgres.ConnectionFile), "postgres.connectionFile: a file with a connection string", $"nothing at {options.Postgres?.ConnectionFile}"),
            (options.Postgres is null || PostgresLedgerOptions.IsSchemaName(options.Postgres.Schema), $"postgres.schema: {PostgresLedgerOptions.SchemaForm}", options.Postgres?.Schema ?? string.Empty),
            (cluster is null || options.Postgres is not null, "cluster: postgres, which holds the ledger and who the members are", "no postgres"),
            (cluster is null || s3 is not null || azure is not null || options.ObjectsDirectory is not null, "cluster: objects that all members reach: s3, azureBlobs or objectsDirectory", "none of them"),
            (cluster is null || IsClusterId(cluster.Id), $"cluster.id: 1 to {LongestClusterId} letters, digits, '-', '_' and '.'", cluster?.Id ?? "null"),
            (cluster is null || (IsClusterId(cluster.Name) && cluster.Name.Length < LongestClusterId), $"cluster.name: 1 to {LongestClusterId - 1} letters, digits, '-', '_' and '.'", cluster?.Name ?? "null"),
            (cluster is null || cluster.FindAddress() is not null, "cluster.address: an IP address at which other members reach this one, or auto where this machine's name has one", cluster?.Address ?? "null"),
            (cluster is null || cluster.SiloPort is >= 0 and <= ushort.MaxValue, "cluster.siloPort: 0 to 65535", $"{cluster?.SiloPort}"),
            (cluster is null || cluster.GatewayPort is >= 0 and <= ushort.MaxValue, "cluster.gatewayPort: 0 to 65535", $"{cluster?.GatewayPort}"),
            (cluster is null || cluster.GatewayPort == 0 || cluster.GatewayPort != cluster.SiloPort, "cluster.gatewayPort: another than cluster.siloPort", $"{cluster?.GatewayPort}"),
            (roll is null || File.Exists(roll.PolicyFile), "cluster.roll.policyFile: a file that names the other build", $"nothing at {roll?.PolicyFile}"),
            (roll is null || roll.Until > DateTimeOffset.UnixEpoch, "cluster.roll.until: the moment at which it ends", "none"),
            (roll is null || roll.Port is >= 0 and <= ushort.MaxValue, "cluster.roll.port: 0 to 65535", $"{roll?.Port}"),
            (roll is null || roll.Port == 0 || (roll.Port != cluster!.SiloPort && roll.Port != cluster.GatewayPort), "cluster.roll.port: another than cluster.siloPort and cluster.gatewayPort", $"{roll?.Port}"),
            (roll?.Peers is null || roll.Peers.All(peer => RollOptions.ParsePeer(peer) is not null), "cluster.roll.peers: HOST:PORT each", string.Join(", ", roll?.Peers ?? [])),
            (cluster is null || options.Postgres is null || options.Postgres.Schema.Length + ClusterSchema.Suffix.Length <= LongestSchema, $"postgres.schema: at most {LongestSchema - ClusterSchema.Suffix.Length} characters with cluster", options.Postgres?.Schema ?? string.Empty),
            (options.ObjectsDirectory is not { Length: 0 }, "objectsDirectory: a path", "nothing"),
            (options.ObjectsDirectory is null || (s3 is null && azure is null), "objectsDirectory, s3 or azureBlobs", "two of them"),
            (s3 is null || azure is null, "s3 or azureBlobs", "both"),
            (s3 is null || s3.Bucket.Length > 0, "s3.bucket: a name", "nothing"),
            (s3 is null || ObjectPrefix.IsOne(s3.Prefix), $"s3.prefix: {ObjectPrefix.Form}", s3?.Prefix ?? "null"),
            (s3?.Endpoint is null || (Uri.TryCreate(s3.Endpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"), "s3.endpoint: an absolute address", s3?.Endpoint ?? string.Empty),
            (s3 is null || s3.Region.Length > 0, "s3.region: a name", "nothing"),
            (s3?.CredentialsFile is null || File.Exists(s3.CredentialsFile), "s3.credentialsFile: a file with credentials", $"nothing at {s3?.CredentialsFile}"),
            (azure is null || File.Exists(azure.ConnectionFile), "azureBlobs.connectionFile: a file with a connection string", $"nothing at {azure?.ConnectionFile}"),
            (azure is null || azure.Container.Length > 0, "azureBlobs.container: a name", "nothing"),
            (azure is null || ObjectPrefix.IsOne(azure.Prefix), $"azureBlobs.prefix: {ObjectPrefix.Form}", azure?.Prefix ?? "null"),
            (options.OtlpEndpoint is null || Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out _), "otlpEndpoint: an absolute address", options.OtlpEndpoint ?? string.Empty),
            (options.Tee is not { Length: 0 }, "tee: a name", "nothing"),
            (options.Tpm.Endpoint is null || TpmOptions.ParseEndpoint(options.Tpm.Endpoint) is not null, "tpm.endpoint: HOST:PORT", options.Tpm.Endpoint ?? string.Empty),
            (AreDifferentPcrs(options.Tpm.Pcrs), $"tpm.pcrs: different numbers of 0 to {Pcrs - 1}, at least one", string.Join(",", options.Tpm.Pcrs ?? [])),
            (limits.EngineMemoryBytes >= LeastEngineMemoryBytes, $"limits.engineMemoryBytes: from {LeastEngineMemoryBytes}", $"{limits.EngineMemoryBytes}"),
            (limits.EngineWallClock > TimeSpan.Zero, "limits.engineWallClock: more than nothing", $"{limits.EngineWallClock}"),
            (limits.EngineThreads is >= 1 and <= MostThreads, $"limits.engineThreads: 1 to {MostThreads}", $"{limits.EngineThreads}"),
            (limits.EngineOutputBytes is >= 1 and <= MostOutputBytes, $"limits.engineOutputBytes: 1 to {MostOutputBytes}", $"{limits.EngineOutputBytes}"),
            (limits.EngineOutputRows >= 1, "limits.engineOutputRows: from 1", $"{limits.EngineOutputRows}"),
            (limits.DecryptedBytes >= 1, "limits.decryptedBytes: from 1", $"{limits.DecryptedBytes}"),
            (limits.KeptBytes >= 0, "limits.keptBytes: from 0", $"{limits.KeptBytes}"),
            (limits.KeptFor > TimeSpan.Zero, "limits.keptFor: more than nothing", $"{limits.KeptFor}"),
            (limits.ConcurrentRuns >= 1, "limits.concurrentRuns: from 1", $"{limits.ConcurrentRuns}"),
            (limits.WaitingRuns >= 1, "limits.waitingRuns: from 1", $"{limits.WaitingRuns}"),
            (limits.RunBytes >= 1, "limits.runBytes: from 1", $"{limits.RunBytes}"),
            (limits.PartitionsAtOnce >= 1, "limits.partitionsAtOnce: from 1", $"{limits.PartitionsAtOnce}"),
            (options.Ingest.PartitionBytes >= 1, "ingest.partitionBytes: from 1", $"{options.Ingest.PartitionBytes}"),
            (admission.RequestsPerSecond >= 1, "admission.requestsPerSecond: from 1", $"{admission.RequestsPerSecond}"),
            (admission.RoomRequestsPerSecond >= 1, "admission.roomRequestsPerSecond: from 1", $"{admission.RoomRequestsPerSecond}"),
            (admission.AnalysesAtOnce >= 1, "admission.analysesAtOnce: from 1", $"{admission.AnalysesAtOnce}"),
            (admission.StreamsOfMember >= 1, "admission.streamsOfMember: from 1", $"{admission.StreamsOfMember}"),
            (admission.PartsAtOnce >= 1, "admission.partsAtOnce: from 1", $"{admission.PartsAtOnce}"),
            (admission.UploadsOpen >= 1, "admission.uploadsOpen: from 1", $"{admission.UploadsOpen}"),
            (admission.UploadBytes >= 1, "admission.uploadBytes: from 1", $"{admission.UploadBytes}"),
            (admission.RoomBytes >= 1, "admission.roomBytes: from 1", $"{admission.RoomBytes}"),
        ];
        return rules.Any(rule => !rule.Holds)
            ? System.Collections.Immutable.ImmutableArray.CreateRange(
                rules.Where(rule => !rule.Holds).Select(rule => new Refusal(RefusalCode.DocumentInvalid, rule.Wanted, rule.Got)))
            : options;
    }

    /// <summary>Checks that a process can have a role under these options.</summary>
    /// <returns>The options, or <see cref="RefusalCode.DocumentInvalid"/>: a silo or a gateway by itself is of no use.</returns>
    public static Result<NodeOptions> CheckRole(NodeOptions options, NodeRole role)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Cluster is null && role is not NodeRole.All
            ? new Refusal(RefusalCode.DocumentInvalid, $"cluster in the configuration, since role {role.ToString().ToLowerInvariant()} is one process of several", "none")
            : options;
    }

    private static bool IsClusterId(string id) =>
        id is { Length: > 0 and <= LongestClusterId } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool AreDifferentPcrs(IReadOnlyList<int>? pcrs) =>
        pcrs is null || (pcrs.Count > 0 && pcrs.All(pcr => pcr is >= 0 and < Pcrs) && pcrs.Distinct().Count() == pcrs.Count);
}
