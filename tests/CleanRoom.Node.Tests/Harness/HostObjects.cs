using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>An object store in the hands of the host. Calls are named by what they do and the container.</summary>
internal sealed class HostObjects(IObjectStore inner, HostHooks hooks) : IObjectStore
{
    public IObjectStore Inner { get; } = inner;

    public Task<PutOutcome> PutAsync(ObjectContainer container, ObjectName name, Stream content, CancellationToken cancellationToken) =>
        hooks.RunAsync($"put {container}", () => Inner.PutAsync(container, name, content, cancellationToken));

    public Task<Stream> OpenReadAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        hooks.RunAsync($"open {container}", () => Inner.OpenReadAsync(container, name, cancellationToken));

    public Task<int> ReadRangeAsync(
        ObjectContainer container, ObjectName name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        hooks.RunAsync($"read {container}", () => Inner.ReadRangeAsync(container, name, offset, destination, cancellationToken));

    public Task<long> LengthAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        hooks.RunAsync($"length {container}", () => Inner.LengthAsync(container, name, cancellationToken));

    public Task<bool> ExistsAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        hooks.RunAsync($"exists {container}", () => Inner.ExistsAsync(container, name, cancellationToken));

    public Task DeleteAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        hooks.RunAsync($"delete {container}", () => Inner.DeleteAsync(container, name, cancellationToken));

    public IAsyncEnumerable<ObjectInfo> ListAsync(ObjectContainer container, CancellationToken cancellationToken) =>
        Inner.ListAsync(container, cancellationToken);

    /// <summary>Returns the bytes of an object as the host sees them.</summary>
    public async Task<byte[]> BytesAsync(ObjectContainer container, ObjectName name)
    {
        await using var stored = await Inner.OpenReadAsync(container, name, CancellationToken.None);
        using var bytes = new MemoryStream();
        await stored.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Puts other bytes in an object's place, as the host can.</summary>
    public async Task ReplaceAsync(ObjectContainer container, ObjectName name, byte[] bytes)
    {
        await Inner.DeleteAsync(container, name, CancellationToken.None);
        using var content = new MemoryStream(bytes);
        await Inner.PutAsync(container, name, content, CancellationToken.None);
    }

    /// <summary>Returns the names in a container.</summary>
    public async Task<List<ObjectName>> NamesAsync(ObjectContainer container)
    {
        var names = new List<ObjectName>();
        await foreach (var info in Inner.ListAsync(container, CancellationToken.None))
        {
            names.Add(info.Name);
        }

        return names;
    }
}
