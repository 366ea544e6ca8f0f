using System.Runtime.InteropServices;
using CleanRoom.Engine.Native;

namespace CleanRoom.HostileEngine;

/// <summary>Stands for the node, and for the engine of another query: a process of the same user with a secret in memory, in its environment, and in a memory file.</summary>
internal static unsafe class Victim
{
    /// <summary>What an attack has to bring home.</summary>
    public const string Secret = "SECRET-OF-SOMEBODY-ELSE";

    private const int SetTracer = 0x59616d61;

    /// <summary>Says where the secret lies (process, address, descriptor) and waits until standard input ends.</summary>
    public static int Stand()
    {
        // Weaker than a node, which is not dumpable: what fails fails by the sandbox of the attacker alone.
        _ = Libc.ProcessControl(SetTracer, -1, 0, 0, 0);
        var address = Marshal.StringToCoTaskMemUTF8(Secret);
        var descriptor = Libc.Check(Libc.MemfdCreate("victim", Libc.MemfdCloseOnExec), "memfd_create");
        using (var file = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(Secret));
            file.Flush();
            Console.WriteLine($"{Environment.ProcessId} {address} {descriptor}");
            _ = Console.In.ReadToEnd();
        }

        Marshal.FreeCoTaskMem(address);
        return 0;
    }
}
