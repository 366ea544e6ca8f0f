using CleanRoom.Protocol;

namespace CleanRoom.Storage;

/// <summary>A store did not do its work.</summary>
/// <remarks>
/// After a failed write the caller does not know whether it took effect, unless <see cref="Failure"/> is
/// <see cref="StorageFailure.Full"/> or <see cref="StorageFailure.Locked"/>: it MUST read the store again before it goes on.
/// </remarks>
public sealed class StorageException(StorageFailure failure, string message, Exception? cause)
    : CleanRoomException(RefusalCode.StorageFailed, message, cause)
{
    /// <summary>Gets what went wrong.</summary>
    public StorageFailure Failure { get; } = failure;
}
