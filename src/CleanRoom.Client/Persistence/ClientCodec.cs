using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Ledger;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Persistence;

/// <summary>JSON of what a client keeps, for whoever keeps it: a file, a browser's store.</summary>
public static class ClientCodec
{
    /// <summary>The largest kept text, in bytes.</summary>
    public const int MaxBytes = 64 << 20;

    private const int KeyBytes = 65;
    private const int CheckpointKeyBytes = 32;

    /// <summary>Writes a record.</summary>
    public static byte[] Encode(RoomRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var form = new RoomRecordForm
        {
            Collaboration = record.Collaboration,
            Contract = new Bytes(DocumentCodec.Encode(record.Contract)),
            CollaborationKey = record.CollaborationKey,
            CheckpointKey = record.CheckpointKey,
            Checkpoint = record.Checkpoint,
        };
        return JsonSerializer.SerializeToUtf8Bytes(form, ClientJsonContext.Default.RoomRecordForm);
    }

    /// <summary>Writes the state of an upload.</summary>
    public static byte[] Encode(UploadState state) => JsonSerializer.SerializeToUtf8Bytes(state, ClientJsonContext.Default.UploadState);

    /// <summary>Reads a record.</summary>
    /// <returns>The record, or <see cref="RefusalCode.JsonInvalid"/>, <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Result<RoomRecord> ParseRecord(ReadOnlySpan<byte> json)
    {
        if (!Read(json, ClientJsonContext.Default.RoomRecordForm, "a room record").TryGet(out var form, out var refusals)
            || !DocumentCodec.Parse<Contract>(form.Contract.Span).TryGet(out var contract, out refusals))
        {
            return refusals;
        }

        var areKeys = (form.CollaborationKey.Length, form.CheckpointKey.Length) is (KeyBytes, CheckpointKeyBytes) or (0, 0);
        return areKeys && Digest.TryParse(form.Collaboration, out _) && (form.Checkpoint is null || form.CheckpointKey.Length > 0)
            ? new RoomRecord
            {
                Collaboration = form.Collaboration,
                Contract = contract,
                CollaborationKey = form.CollaborationKey,
                CheckpointKey = form.CheckpointKey,
                Checkpoint = form.Checkpoint,
            }
            : new Refusal(RefusalCode.DocumentInvalid, "a room record with an id and both keys or none", "another");
    }

    /// <summary>Reads the state of an upload.</summary>
    /// <returns>The state, or <see cref="RefusalCode.JsonInvalid"/>, <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Result<UploadState> ParseUpload(ReadOnlySpan<byte> json) =>
        Read(json, ClientJsonContext.Default.UploadState, "the state of an upload").Then(state => IsSound(state)
            ? Result.Accept(state)
            : new Refusal(RefusalCode.DocumentInvalid, "named columns, and parts that cover the source, each acknowledged at most once", "others"));

    /// <remarks>The serializer lets null into a list whose entries cannot be null.</remarks>
    private static bool IsSound(UploadState state) =>
        !state.Source.Parts.IsDefaultOrEmpty
        && !state.Source.Columns.IsDefault
        && state.Source.Columns.All(column => column is not null)
        && !state.Acknowledged.IsDefault
        && state.Source.Length > 0
        && state.Source.Parts.Length == (state.Source.Length + SourceFacts.PartBytes - 1) / SourceFacts.PartBytes
        && state.Acknowledged.All(part => part is { Index: >= 0 } && part.Index < state.Source.Parts.Length)
        && state.Acknowledged.DistinctBy(part => part.Index).Count() == state.Acknowledged.Length;

    private static Result<T> Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string wanted)
        where T : class
    {
        if (json.Length > MaxBytes)
        {
            return new Refusal(RefusalCode.DocumentTooLarge, $"{wanted} of at most {MaxBytes} bytes", $"{json.Length}");
        }

        try
        {
            return JsonSerializer.Deserialize(json, type) is { } value ? value : new Refusal(RefusalCode.JsonInvalid, wanted, "null");
        }
        catch (JsonException)
        {
            return new Refusal(RefusalCode.JsonInvalid, wanted, "other json");
        }
    }
}
