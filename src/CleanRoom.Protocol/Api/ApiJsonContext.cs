using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Api;

/// <summary>Readers and writers of the API's messages, for node and client alike.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    MaxDepth = 32,
    UseStringEnumConverter = true,
    Converters = [typeof(DecimalJsonConverter)])]
[JsonSerializable(typeof(ProposeRequest))]
[JsonSerializable(typeof(ProposeResponse))]
[JsonSerializable(typeof(StatementRequest))]
[JsonSerializable(typeof(StatementResponse))]
[JsonSerializable(typeof(RowsResponse))]
[JsonSerializable(typeof(TwinResponse))]
[JsonSerializable(typeof(DestructionResponse))]
[JsonSerializable(typeof(CodeEndorsementsResponse))]
[JsonSerializable(typeof(RecoveryOfferRequest))]
[JsonSerializable(typeof(RecoveryOfferResponse))]
[JsonSerializable(typeof(RecoveryReleaseRequest))]
[JsonSerializable(typeof(RecoveryReleaseResponse))]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(WitnessRequest))]
[JsonSerializable(typeof(ChallengeResponse))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(SignInResponse))]
[JsonSerializable(typeof(ExplainQueryRequest))]
[JsonSerializable(typeof(ExplainQueryResponse))]
[JsonSerializable(typeof(SubmitResponse))]
[JsonSerializable(typeof(QueryStatusResponse))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(UploadResponse))]
[JsonSerializable(typeof(IngestResponse))]
[JsonSerializable(typeof(SealedReport))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ApiJsonContext : JsonSerializerContext;
