using System.Collections.Immutable;
using System.Text;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Persistence;
using CleanRoom.Client.Rooms;
using CleanRoom.Portal.Browser;
using CleanRoom.Protocol;
using Microsoft.JSInterop;

namespace CleanRoom.Portal.Features.Uploads;

/// <summary>The states of uploads in this browser. None holds a row, nor a key in the clear.</summary>
internal sealed class BrowserUploadStore(BrowserStore store) : IUploadStore
{
    /// <inheritdoc/>
    public async ValueTask<Refusal?> SaveAsync(UploadState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        try
        {
            await store.WriteAsync(IdOf(state.Collaboration) + state.Upload, Encoding.UTF8.GetString(ClientCodec.Encode(state)), cancellationToken);
            return null;
        }
        catch (JSException)
        {
            return new Refusal(RefusalCode.StorageFailed, "a browser store that keeps how far an upload has come", "one that did not");
        }
    }

    /// <summary>Reads the states of all uploads to a room; one that cannot be read is a refusal, for it may hold the only self-grant.</summary>
    public async Task<Result<ImmutableArray<UploadState>>> LoadAsync(string collaboration, CancellationToken cancellationToken)
    {
        var states = ImmutableArray.CreateBuilder<UploadState>();
        foreach (var json in await store.ReadAllAsync(IdOf(collaboration), cancellationToken))
        {
            if (!ClientCodec.ParseUpload(Encoding.UTF8.GetBytes(json)).TryGet(out var state, out var refusals))
            {
                return refusals;
            }

            states.Add(state);
        }

        return states.ToImmutable();
    }

    /// <summary>Reads the uploads to a room that are begun and not published.</summary>
    public async Task<Result<ImmutableArray<UploadState>>> UnfinishedAsync(RoomClient room, CancellationToken cancellationToken) =>
        (await LoadAsync(room.Collaboration, cancellationToken)).Then(states =>
            Result.Accept(ImmutableArray.CreateRange(states.Where(one => !RoomDatasets.IsPublished(room.State, one)))));

    /// <summary>Forgets an upload that is not signed. What was sent of it stays with the node, and nobody can open it: its key is forgotten with it.</summary>
    /// <remarks>One that is signed is kept: the room may have its manifest, and the key that opens it is nowhere else.</remarks>
    public async Task ForgetAsync(UploadState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Manifest is null)
        {
            await store.RemoveAsync(IdOf(state.Collaboration) + state.Upload, cancellationToken);
        }
    }

    private static string IdOf(string collaboration) => $"upload/{collaboration}/";
}
