using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>Keeps the state of uploads between two starts of the client.</summary>
public interface IUploadStore
{
    /// <summary>Keeps a state durably before it returns, in place of the one with the same upload.</summary>
    /// <returns>Null, or why it was not kept.</returns>
    ValueTask<Refusal?> SaveAsync(UploadState state, CancellationToken cancellationToken);
}
