using System.Collections;
using System.Globalization;
using System.Text;
using CleanRoom.Engine.Native;
using CleanRoom.Engine.Sandbox.Landlock;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Sandbox;

/// <summary>First stage of the child: gives up what the engine must not have, then becomes the engine by execve.</summary>
/// <remarks>
/// A second program start is what makes these layers whole: a namespace entered by one thread of a running .NET process leaves its other
/// threads outside, and descriptors that the node leaked are gone only after execve. Landlock's first
/// domain holds all threads of the engine for the same reason: the kernel gives it to one thread, and that one becomes the program.
/// Spec: contracts/spec/0012 s.2.
/// </remarks>
internal static class Launcher
{
    private const int ExecFailedExitCode = 71;
    private const int LastStandardStream = 2;

    /// <summary>Confines this process and starts the engine in it with the same arguments.</summary>
    /// <returns>71, and only when the engine could not be started.</returns>
    public static int Confine()
    {
        AwaitNode();
        Detach();
        CloseOnExec();
        return Become(isClosed: true);
    }

    /// <summary>Waits until the node closes the standard input: this process is in its control group then, whose figures it may read later and no other's.</summary>
    internal static void AwaitNode()
    {
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        while (input.ReadByte() >= 0)
        {
            // Nothing is said.
        }
    }

    /// <summary>Gives up privileges, terminal, network and the life after the node's.</summary>
    internal static void Detach()
    {
        _ = Libc.Check(Libc.ProcessControl(Libc.SetParentDeathSignal, Libc.SignalKill, 0, 0, 0), "prctl");
        _ = Libc.Check(Libc.ProcessControl(Libc.SetNoNewPrivileges, 1, 0, 0, 0), "prctl");

        // Away from the operator's terminal, to which it could otherwise write, and from the keys pressed there.
        _ = Libc.NewSession();

        // Needs a privilege that many nodes do not have; the engine reports what came of it.
        _ = Libc.Unshare(Libc.NewNetworkNamespace | Libc.NewIpcNamespace);
        Capabilities.DropAll();
    }

    /// <summary>Replaces the program by the engine.</summary>
    /// <param name="isClosed">Whether the file system is closed to it first; the engine measures and reports what came of it.</param>
    /// <returns>71, and only when the engine could not be started.</returns>
    internal static int Become(bool isClosed)
    {
        var arguments = Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).TrimEnd('\0').Split('\0');
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => $"{variable.Key}={variable.Value}");

        string?[] started = [.. arguments, EngineProgram.Confined, null];
        string?[] settings = [.. environment, null];
        _ = isClosed && LandlockRuleset.Enter(ReadableFiles.ForStart(), keep: true);
        _ = Libc.Execute("/proc/self/exe", started, settings);
        return ExecFailedExitCode;
    }

    private static void CloseOnExec()
    {
        foreach (var entry in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            var descriptor = int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
            if (descriptor > LastStandardStream)
            {
                // The descriptor of this listing is closed by now: an error is not one.
                _ = Libc.Control(descriptor, Libc.SetDescriptorFlags, Libc.CloseOnExec);
            }
        }
    }
}
