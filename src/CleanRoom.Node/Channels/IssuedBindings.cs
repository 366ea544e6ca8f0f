using System.Collections.Concurrent;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Channels;

/// <summary>The bindings that this node has attested since it started. A channel is opened against one of them or not at all.</summary>
/// <remarks>Bounded: the oldest are forgotten, and a client then verifies the room again.</remarks>
internal sealed class IssuedBindings
{
    private const int Capacity = 65_536;

    private readonly ConcurrentDictionary<Digest, byte> _issued = new();
    private readonly ConcurrentQueue<Digest> _order = new();

    /// <summary>Remembers a binding.</summary>
    public void Add(Digest binding)
    {
        if (!_issued.TryAdd(binding, 0))
        {
            return;
        }

        _order.Enqueue(binding);
        while (_issued.Count > Capacity && _order.TryDequeue(out var oldest))
        {
            _issued.TryRemove(oldest, out _);
        }
    }

    /// <summary>Says whether a binding was issued and is remembered.</summary>
    public bool Contains(Digest binding) => _issued.ContainsKey(binding);
}
