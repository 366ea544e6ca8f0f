namespace CleanRoom.Storage.Objects.Remote;

/// <summary>What a server of objects can do by itself: <see cref="RemoteObjectStore"/> makes a store of it.</summary>
/// <remarks>Keys are <c>PREFIX/CONTAINER/NAME</c>. Errors: <see cref="StorageException"/>; cancellation comes as it is.</remarks>
internal interface IRemoteObjects
{
    /// <summary>Gets the bytes of one part of a long object.</summary>
    int PartBytes { get; }

    /// <summary>Creates an object. Returns false when the name is taken: the object that is there stays.</summary>
    Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Begins an object that comes in parts. Nothing is under the name until it is committed.</summary>
    Task<IPartedObject> BeginAsync(string key, CancellationToken cancellationToken);

    /// <summary>Reads bytes at an offset, all that there are of the length asked for; null when the object is not there.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">At least 0; may lie behind the end.</param>
    /// <param name="destination">At least one byte.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<int?> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Returns an object's length; null when it is not there.</summary>
    Task<long?> LengthAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes an object; one that is not there is fine.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Lists the objects whose keys begin with a prefix.</summary>
    IAsyncEnumerable<(string Key, long LengthBytes)> ListAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>An object that comes in parts. Disposing one that was not committed gives its parts up.</summary>
internal interface IPartedObject : IAsyncDisposable
{
    /// <summary>Sends the next part: <see cref="IRemoteObjects.PartBytes"/> long, but for the last.</summary>
    Task AddAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken);

    /// <summary>Gives the object its name. Returns false when the name is taken: the object that is there stays.</summary>
    Task<bool> TryCommitAsync(CancellationToken cancellationToken);
}
