using System.Collections.Immutable;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Wire;

namespace CleanRoom.Engine.Hosting;

/// <summary>Puts an engine's own report together with what the node sees.</summary>
internal static class ReportedLayers
{
    private const int MaxDetailCharacters = 256;

    /// <summary>Gets the layers that the node sees from outside; an engine reports the others.</summary>
    public static ImmutableArray<SandboxLayer> SeenByNode { get; } =
        [SandboxLayer.SeparateProcess, SandboxLayer.NetworkNamespace, SandboxLayer.NodeMemory, SandboxLayer.ControlGroup];

    /// <summary>Reads the report.</summary>
    /// <param name="ready">From an engine that has read no request yet. Trust: as its program.</param>
    /// <param name="isGrouped">Whether it is in a control group of its own.</param>
    /// <returns>Every layer once, or null when the report is not of that shape.</returns>
    public static ImmutableArray<SandboxLayerState>? Read(ReadyHeader ready, bool isGrouped)
    {
        // The serializer checks members, not elements: a list may hold nulls and numbers that name no layer.
        if (ready.Layers.IsDefault || ready.Layers.Any(state => state is null || state.Detail.Length > MaxDetailCharacters))
        {
            return null;
        }

        ImmutableArray<SandboxLayerState> layers =
        [
            new SandboxLayerState { Layer = SandboxLayer.SeparateProcess, IsActive = true, Detail = "started by this node" },
            Network(ready.NetworkNamespace),
            new SandboxLayerState { Layer = SandboxLayer.NodeMemory, IsActive = NodeMemory.IsProtected, Detail = "dumpable flag of the node" },
            new SandboxLayerState { Layer = SandboxLayer.ControlGroup, IsActive = isGrouped, Detail = isGrouped ? "a group of its own" : "the node's group" },
            .. ready.Layers,
        ];
        var known = Enum.GetValues<SandboxLayer>().Where(layer => layer != SandboxLayer.None);
        return layers.Select(state => state.Layer).Order().SequenceEqual(known.Order()) ? layers : null;
    }

    // Of two processes only the node, outside, can tell whether their namespaces differ.
    private static SandboxLayerState Network(string engines)
    {
        var isApart = engines.StartsWith("net:[", StringComparison.Ordinal)
            && !string.Equals(engines, Confinement.NetworkNamespace(), StringComparison.Ordinal);
        return new SandboxLayerState
        {
            Layer = SandboxLayer.NetworkNamespace,
            IsActive = isApart,
            Detail = isApart ? "a namespace of its own" : "the node's namespace: no privilege to create one",
        };
    }
}
