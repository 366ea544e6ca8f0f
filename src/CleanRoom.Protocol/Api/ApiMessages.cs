using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Api;

/// <summary>The first proposal of a collaboration.</summary>
public sealed record ProposeRequest
{
    /// <summary>Gets the contract's encoded envelope with the proposer's signature.</summary>
    public required Bytes Contract { get; init; }

    /// <summary>Gets encoded envelopes of delegations, the proposer's among them.</summary>
    public required ImmutableArray<Bytes> Delegations { get; init; }
}

/// <summary>A new collaboration.</summary>
public sealed record ProposeResponse(string Collaboration, string Checkpoint);

/// <summary>A signed statement.</summary>
public sealed record StatementRequest(Bytes Envelope);

/// <summary>Where an appended statement stands.</summary>
public sealed record StatementResponse(long Sequence, string Checkpoint);

/// <summary>Encoded rows in order, the log's size, and its newest signed note with cosignatures.</summary>
public sealed record RowsResponse(ImmutableArray<Bytes> Rows, long Size, string Checkpoint);

/// <summary>An answer on made-up data: an Arrow IPC stream, and the number of made-up people in it. Nobody's data was read.</summary>
public sealed record TwinResponse(Bytes Arrow, int People);

/// <summary>The certificates of nodes that have erased a collaboration's keys, each as JCS bytes of a <c>destruction-certificate</c>; the oldest first.</summary>
public sealed record DestructionResponse(ImmutableArray<Bytes> Certificates);

/// <summary>The code endorsements under the contract in force that have not ended, each an encoded envelope with the signatures of all code endorsers; at most 16, in row order.</summary>
public sealed record CodeEndorsementsResponse(ImmutableArray<Bytes> Endorsements);

/// <summary>What a node without the ledger's key needs to take a recovery, from a member's own copy of the ledger. Spec: contracts/spec/0026 s.5.</summary>
public sealed record RecoveryKit
{
    /// <summary>Gets row 0, encoded.</summary>
    public required Bytes Genesis { get; init; }

    /// <summary>Gets the contract in force: the document's bytes.</summary>
    public required Bytes Contract { get; init; }

    /// <summary>Gets the row of the newest set of shares, encoded.</summary>
    public required Bytes Shares { get; init; }

    /// <summary>Gets the inclusion proof of that row.</summary>
    public required ImmutableArray<Digest> Proof { get; init; }

    /// <summary>Gets the signed note that the proof leads to.</summary>
    public required string Checkpoint { get; init; }
}

/// <summary>Asks a node that has lost a room's secret for evidence to release shares to, over a nonce of 32 bytes.</summary>
public sealed record RecoveryOfferRequest(RecoveryKit Kit, Bytes Nonce);

/// <summary>Evidence with purpose <c>recovery</c>, as canonical JSON; and the collaborators that have released, of the number that it takes.</summary>
public sealed record RecoveryOfferResponse(Bytes Attestation, ImmutableArray<string> Released, int Needed);

/// <summary>One member's release: its delegation and its <see cref="RecoveryStatement"/> as encoded envelopes, and the share sealed to the node.</summary>
public sealed record RecoveryReleaseRequest
{
    public required Bytes Delegation { get; init; }

    public required Bytes Statement { get; init; }

    /// <summary>Gets the encapsulated key: 65 bytes.</summary>
    public required Bytes Enc { get; init; }

    /// <summary>Gets the sealed share: 80 bytes.</summary>
    public required Bytes Ciphertext { get; init; }
}

/// <summary>The collaborators that have released, of the number that it takes; and the restored log's checkpoint, or <c>none</c> while it is not restored.</summary>
public sealed record RecoveryReleaseResponse(ImmutableArray<string> Released, int Needed, string Checkpoint);

/// <summary>What the room may do at present.</summary>
public sealed record StatusResponse
{
    public required RoomMode Mode { get; init; }

    /// <summary>Gets why it is not active; empty when it is.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the nonce that witnesses of this start sign: 32 bytes.</summary>
    public required Bytes BootNonce { get; init; }

    /// <summary>Gets the collaborators whose witness has not answered yet.</summary>
    public required ImmutableArray<string> MissingWitnesses { get; init; }

    public required string Checkpoint { get; init; }
}

/// <summary>What a room may do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RoomMode>))]
public enum RoomMode
{
    /// <summary>Never used.</summary>
    [JsonStringEnumMemberName("none")] None = 0,

    /// <summary>Statements are taken.</summary>
    [JsonStringEnumMemberName("active")] Active = 1,

    /// <summary>Since a start, until the witnesses have answered. Rows are served, nothing is appended.</summary>
    [JsonStringEnumMemberName("awaiting-witnesses")] AwaitingWitnesses = 2,

    /// <summary>A checkpoint proved a fork or a rollback. Nothing is appended until a person has looked.</summary>
    [JsonStringEnumMemberName("halted")] Halted = 3,
}

/// <summary>An encoded <see cref="FreshnessWitness"/> and its Ed25519 signature.</summary>
public sealed record WitnessRequest(Bytes Witness, Bytes Signature);

/// <summary>A challenge of 32 bytes.</summary>
public sealed record ChallengeResponse(Bytes Challenge);

/// <summary>An encoded envelope of a <see cref="SignIn"/> document.</summary>
public sealed record SignInRequest(Bytes Envelope);

/// <summary>A token of 32 random bytes, valid only in channels opened against the same binding.</summary>
public sealed record SignInResponse(Bytes Token, Timestamp Expires)
{
    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}

/// <summary>A question about a query that is not appended.</summary>
public sealed record ExplainQueryRequest
{
    public required string Analyst { get; init; }

    public required string? Sql { get; init; }

    public required Digest? TemplateDigest { get; init; }

    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    public required ImmutableArray<string> Receivers { get; init; }
}

/// <summary>An encoded <see cref="Verdict"/> and, apart, the codes that need the ledger.</summary>
public sealed record ExplainQueryResponse(Bytes Verdict, ImmutableArray<string> State);

/// <summary>A submitted query.</summary>
public sealed record SubmitResponse(Digest QueryDigest, Bytes Verdict, long Sequence, string Checkpoint);

/// <summary>Where a query stands; also the data of each server-sent event.</summary>
public sealed record QueryStatusResponse
{
    public required Digest QueryDigest { get; init; }

    public required Fold.QueryStatus Status { get; init; }

    /// <summary>Gets the step under way in words; empty when none is.</summary>
    public required string Phase { get; init; }

    /// <summary>Gets 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>Gets why it stopped or failed; empty while it did not. After a charge it is a correlation id and nothing else.</summary>
    public required string Reason { get; init; }
}

/// <summary>Asks for an upload to fill.</summary>
public sealed record UploadRequest(string Dataset, string Upload);

/// <summary>A token for sealed parts, and the largest part.</summary>
public sealed record UploadResponse(string Token, Timestamp Expires, int MaxPartBytes)
{
    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}

/// <summary>Where taking in a dataset stands.</summary>
public sealed record IngestResponse
{
    /// <summary>Gets <c>waiting</c>, <c>running</c>, <c>accepted</c> or <c>refused</c>.</summary>
    public required string State { get; init; }

    /// <summary>Gets 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>Gets the report, sealed to the owner's members; null until there is one.</summary>
    public required SealedReport? Report { get; init; }

    /// <summary>
    /// Gets why the guest cannot take it in at present, such as a part that the store changed; null while nothing stands in the way. The
    /// guest tries again by itself.
    /// </summary>
    public required ProblemReason? Obstacle { get; init; }
}

/// <summary>An ingest report that only the owner's members can open.</summary>
public sealed record SealedReport(Bytes Blob, ImmutableArray<ResultWrap> Wraps);

/// <summary>An RFC 9457 problem with every reason.</summary>
public sealed record Problem
{
    /// <summary>Gets <c>urn:cleanroom:error:&lt;code&gt;</c>.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>Gets all refusals.</summary>
    public required ImmutableArray<ProblemReason> Reasons { get; init; }

    /// <summary>Gets the seconds after which it is worth asking again; null where time alone changes nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfter { get; init; }
}

/// <summary>One refusal.</summary>
public sealed record ProblemReason(string Code, string Wanted, string Got);
