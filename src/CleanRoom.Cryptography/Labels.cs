namespace CleanRoom.Cryptography;

/// <summary>The domain labels of keys and seals; none is the beginning of another use. Spec: contracts/spec/0010 s.2.</summary>
internal static class Labels
{
    internal static ReadOnlySpan<byte> SealingKey => "cleanroom/v1/sealing-key"u8;

    internal static ReadOnlySpan<byte> RowKey => "cleanroom/v1/row-key"u8;

    internal static ReadOnlySpan<byte> StorageKey => "cleanroom/v1/storage-key"u8;

    internal static ReadOnlySpan<byte> GuestOnlyKey => "cleanroom/v1/guest-only-key"u8;

    internal static ReadOnlySpan<byte> NoiseSeed => "cleanroom/v1/noise-seed"u8;

    internal static ReadOnlySpan<byte> BoundingSalt => "cleanroom/v1/bounding-salt"u8;

    internal static ReadOnlySpan<byte> ReleaseSalt => "cleanroom/v1/release-salt"u8;

    internal static ReadOnlySpan<byte> IdentifierKey => "cleanroom/v1/identifier-key"u8;

    internal static ReadOnlySpan<byte> IdentifierToken => "cleanroom/v1/identifier-token"u8;

    internal static ReadOnlySpan<byte> PartitionKey => "cleanroom/v1/partition-key"u8;

    internal static ReadOnlySpan<byte> HistoryKey => "cleanroom/v1/history-key"u8;

    internal static ReadOnlySpan<byte> CheckpointKey => "cleanroom/v1/checkpoint-key"u8;

    internal static ReadOnlySpan<byte> CounterKey => "cleanroom/v1/counter-key"u8;

    internal static ReadOnlySpan<byte> CounterMarkKey => "cleanroom/v1/counter-mark-key"u8;

    internal static ReadOnlySpan<byte> CounterMark => "cleanroom/v1/counter-mark\0"u8;

    internal static ReadOnlySpan<byte> Row => "cleanroom/v1/row"u8;

    internal static ReadOnlySpan<byte> ChannelResponse => "cleanroom/v1/channel-response"u8;

    internal static ReadOnlySpan<byte> ChannelStream => "cleanroom/v1/channel-stream"u8;

    internal static ReadOnlySpan<byte> ExpandKey => "key"u8;

    internal static ReadOnlySpan<byte> ExpandNonce => "nonce"u8;

    internal static ReadOnlyMemory<byte> KeyGrantInfo { get; } = "cleanroom/v1/key-grant"u8.ToArray();

    internal static ReadOnlyMemory<byte> SelfGrantInfo { get; } = "cleanroom/v1/self-grant"u8.ToArray();

    internal static ReadOnlyMemory<byte> ResultKeyInfo { get; } = "cleanroom/v1/result-key"u8.ToArray();

    internal static ReadOnlyMemory<byte> ChannelInfo { get; } = "cleanroom/v1/channel"u8.ToArray();

    internal static ReadOnlyMemory<byte> HandoverInfo { get; } = "cleanroom/v1/handover"u8.ToArray();

    internal static ReadOnlyMemory<byte> RecoveryShareInfo { get; } = "cleanroom/v1/recovery-share"u8.ToArray();

    internal static ReadOnlyMemory<byte> RecoveryReleaseInfo { get; } = "cleanroom/v1/recovery-release"u8.ToArray();

    internal static ReadOnlyMemory<byte> ReportKeyInfo { get; } = "cleanroom/v1/ingest-report-key"u8.ToArray();

    internal const string Result = "cleanroom/v1/result";

    internal const string ReleasedUnits = "cleanroom/v1/released-units";

    internal const string Release = "cleanroom/v1/release";

    internal const string Report = "cleanroom/v1/ingest-report";

    internal const string RecoveryCommitment = "cleanroom/v1/recovery-commitment";

    internal const string KeyFile = "cleanroom/v1/key-file";
}
