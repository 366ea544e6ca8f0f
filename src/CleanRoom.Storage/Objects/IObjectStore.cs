namespace CleanRoom.Storage.Objects;

/// <summary>Keeps immutable sealed objects by name.</summary>
/// <remarks>
/// <para>The store is on the host's side: it is trusted for availability only. Whoever reads from it checks every byte.</para>
/// <para>Concurrency: every member MUST be safe to call from several threads and processes at once. Of several puts under one
/// name with different bytes exactly one MUST win, and every reader MUST see that one whole or nothing.</para>
/// <para>Durability: <see cref="PutAsync"/> MUST NOT return <see cref="PutOutcome.Stored"/> or
/// <see cref="PutOutcome.AlreadyStored"/>, and <see cref="DeleteAsync"/> MUST NOT return, before the effect survives a power
/// cut. A put that fails, is cancelled or is cut off MUST leave no object under the name.</para>
/// <para>Errors: <see cref="StorageException"/> when the store does not do its work; <see cref="StorageFailure.NotFound"/> when
/// a read names an object that is not there. A failure of the content stream comes to the caller as it is. Every
/// implementation passes ObjectStoreCompliance.</para>
/// </remarks>
public interface IObjectStore
{
    /// <summary>Keeps an object. The same bytes again are fine; other bytes under the name are refused.</summary>
    /// <remarks>The content is read from its position to its end and not disposed. Trust: attacker-controlled.</remarks>
    /// <returns><see cref="PutOutcome.Stored"/>, <see cref="PutOutcome.AlreadyStored"/>,
    /// <see cref="PutOutcome.ContentConflict"/> or <see cref="PutOutcome.TooLarge"/>.</returns>
    Task<PutOutcome> PutAsync(ObjectContainer container, ObjectName name, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens an object for reading from its beginning; the stream can seek. The caller disposes it.</summary>
    Task<Stream> OpenReadAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken);

    /// <summary>Reads bytes at an offset. Returns how many; fewer than asked for only where the object ends.</summary>
    Task<int> ReadRangeAsync(
        ObjectContainer container, ObjectName name, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Returns the object's length in bytes.</summary>
    Task<long> LengthAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken);

    /// <summary>Returns a value that says whether the object is there.</summary>
    Task<bool> ExistsAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken);

    /// <summary>Removes an object; one that is not there is fine. Copies that the host kept are out of reach.</summary>
    Task DeleteAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken);

    /// <summary>Lists a container's objects, in no order. Objects that come or go meanwhile may be missing or listed.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(ObjectContainer container, CancellationToken cancellationToken);
}
