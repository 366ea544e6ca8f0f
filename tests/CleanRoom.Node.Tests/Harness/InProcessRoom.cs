using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A collaboration grain without a silo: the log is opened again after a failure of the store, as the grain does.</summary>
internal sealed class InProcessRoom(NodeProcess node, string collaboration)
{
    private readonly SemaphoreSlim _turn = new(1);
    private CollaborationRoom? _room;

    /// <summary>Gets the room as the grains of runs and ingests call it.</summary>
    public ICollaborationInternalGrain Grain => CallForwarder.To<ICollaborationInternalGrain>(this);

    /// <summary>Gets or sets what happens before the room takes a result.</summary>
    public Func<CollaborationRoom, Task>? BeforeCommit { get; set; }

    /// <summary>Returns the room, opened when need be.</summary>
    public async Task<CollaborationRoom> RoomAsync() => _room ??= (await node.OpenAsync(collaboration)).Value;

    public Task<GrainReply<Appended>> AppendAsNodeAsync(byte[] document) =>
        CallAsync(room => room.AppendAsNodeAsync(DocumentCodec.Parse(document).Value, CancellationToken.None));

    public Task<GrainReply<Appended>> CommitAsync(byte[] result) => CallAsync(async room =>
    {
        await (BeforeCommit?.Invoke(room) ?? Task.CompletedTask);
        return await room.CommitAsync(DocumentCodec.Parse<RunResult>(result).Value, CancellationToken.None);
    });

    public Task<GrainReply<RunAssignment>> BeginRunAsync(string queryDigest, bool mayRunAgain) =>
        CallAsync(room => room.BeginRunAsync(Digest.Parse(queryDigest), mayRunAgain, CancellationToken.None));

    public Task<GrainReply<byte[]>> IngestOfAsync(string manifestDigest) =>
        CallAsync(room => Task.FromResult(Result.Accept(room.IngestOf(Digest.Parse(manifestDigest)))));

    public Task<GrainReply<IngestAssignment>> BeginIngestAsync(string manifestDigest) =>
        CallAsync(room => Task.FromResult(room.BeginIngest(Digest.Parse(manifestDigest))));

    private async Task<GrainReply<T>> CallAsync<T>(Func<CollaborationRoom, Task<Result<T>>> call)
        where T : notnull
    {
        await _turn.WaitAsync();
        try
        {
            return (await call(await RoomAsync())).ToReply();
        }
        catch (StorageException exception)
        {
            _room = null;
            return GrainReplies.Refuse<T>([new Refusal(RefusalCode.StorageFailed, "a store", exception.Failure.ToString())]);
        }
        finally
        {
            _turn.Release();
        }
    }
}
