using System.Runtime.CompilerServices;
using CleanRoom.Storage.Objects;

namespace CleanRoom.TestKit.Storage;

/// <summary>An object store that fails where the plan says, and otherwise is the inner one.</summary>
public sealed class FaultyObjectStore(IObjectStore inner, FaultPlan plan) : IObjectStore
{
    /// <inheritdoc/>
    public Task<PutOutcome> PutAsync(ObjectContainer container, ObjectName name, Stream content, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.PutAsync(container, name, content, cancellationToken));

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.OpenReadAsync(container, name, cancellationToken));

    /// <inheritdoc/>
    public Task<int> ReadRangeAsync(
        ObjectContainer container, ObjectName name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.ReadRangeAsync(container, name, offset, destination, cancellationToken));

    /// <inheritdoc/>
    public Task<long> LengthAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.LengthAsync(container, name, cancellationToken));

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.ExistsAsync(container, name, cancellationToken));

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.DeleteAsync(container, name, cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        ObjectContainer container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = plan.Begin();
        await foreach (var info in inner.ListAsync(container, cancellationToken))
        {
            yield return info;
        }

        plan.End(call);
    }
}
