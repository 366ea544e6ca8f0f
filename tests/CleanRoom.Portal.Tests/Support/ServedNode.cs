using CleanRoom.TestKit.Storage;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>A node in a process of its own, shared by the tests of a class.</summary>
public sealed class ServedNode : IAsyncLifetime
{
    private readonly TemporaryDirectory _folder = new();
    private BuiltProgram? _node;

    /// <summary>Gets where it serves.</summary>
    public Uri Address => _node?.Address ?? throw new InvalidOperationException("the node has not started");

    public async ValueTask InitializeAsync() => _node = await BuiltProgram.ServeAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _folder.Dispose();
    }
}
