using CleanRoom.Engine.Native;

namespace CleanRoom.Engine.Sandbox;

/// <summary>Keeps this process's memory, which holds keys, from every process of the same user.</summary>
/// <remarks>
/// An engine runs as the node's user. Where the kernel lets processes of one user trace each other, one that was taken over could read the
/// node's memory through <c>/proc</c>. A process that is not dumpable cannot be traced without a capability that no engine has; it leaves
/// no core dump either, and no debugger attaches.
/// </remarks>
internal static class NodeMemory
{
    /// <summary>Gets a value that says whether the kernel keeps other processes out.</summary>
    public static bool IsProtected => Libc.ProcessControl(Libc.GetDumpable, 0, 0, 0, 0) == 0;

    /// <summary>Closes the memory for the rest of the process's life.</summary>
    /// <exception cref="IOException">The kernel refused, which none does.</exception>
    public static void Protect() => _ = Libc.Check(Libc.ProcessControl(Libc.SetDumpable, 0, 0, 0, 0), "prctl");
}
