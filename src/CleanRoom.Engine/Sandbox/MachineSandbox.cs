using System.Globalization;
using System.Runtime.InteropServices;
using CleanRoom.Engine.Native;
using CleanRoom.Engine.Sandbox.ControlGroups;
using CleanRoom.Engine.Sandbox.Filter;
using CleanRoom.Engine.Sandbox.Landlock;

namespace CleanRoom.Engine.Sandbox;

/// <summary>Measures which layers this machine and the node's user can give an engine, without starting one. Spec: contracts/spec/0012 s.2.3.</summary>
public static class MachineSandbox
{
    /// <summary>Measures.</summary>
    /// <returns>Every layer once; active: an engine that lacks it is refused.</returns>
    public static SandboxReport Measure()
    {
        var version = LandlockRuleset.Version();
        var canFilter = SystemCallFilter.IsAvailable();
        var (canSeparate, canDrop) = Try();
        var canGroup = ControlGroupHome.Find(out var groups) is not null;
        return new SandboxReport(
        [
            .. Enum.GetValues<SandboxLayer>().Where(layer => layer != SandboxLayer.None).Select(layer => layer switch
            {
                SandboxLayer.Landlock => State(layer, version > 0, version > 0 ? $"version {version.ToString(CultureInfo.InvariantCulture)}" : "the kernel has none"),
                SandboxLayer.SystemCallFilter or SandboxLayer.NoDescendants => State(
                    layer, canFilter, canFilter ? "seccomp" : $"no seccomp in the kernel, or no list of calls for {RuntimeInformation.ProcessArchitecture}"),
                SandboxLayer.NetworkNamespace => State(layer, canSeparate, canSeparate ? "may be created" : "the node may not create one"),
                SandboxLayer.NoCapabilities => State(layer, canDrop, canDrop ? "can be given up" : "the program's files cannot be read without one"),
                SandboxLayer.ControlGroup => State(layer, canGroup, groups),
                _ => State(layer, isActive: true, "every machine has it"),
            }),
        ]);
    }

    // On a thread of its own, which ends: the kernel gives a namespace, and takes a capability, to one thread.
    private static (bool CanSeparate, bool CanDrop) Try()
    {
        var (canSeparate, canDrop) = (false, false);
        var thread = new Thread(() =>
        {
            canDrop = Capabilities.CanReadOwnFilesWithout();
            canSeparate = Libc.Unshare(Libc.NewNetworkNamespace | Libc.NewIpcNamespace) == 0;
        });
        thread.Start();
        thread.Join();
        return (canSeparate, canDrop);
    }

    private static SandboxLayerState State(SandboxLayer layer, bool isActive, string detail) =>
        new() { Layer = layer, IsActive = isActive, Detail = detail };
}
