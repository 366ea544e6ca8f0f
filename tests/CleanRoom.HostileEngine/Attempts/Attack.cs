using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using CleanRoom.Engine.Native;

namespace CleanRoom.HostileEngine.Attempts;

/// <summary>What a taken-over engine would try. Each returns what it brought home, or throws what the kernel said.</summary>
internal static unsafe class Attack
{
    private const int TraceAttach = 16;
    private const int TraceDetach = 17;
    private const int SignalContinue = 18;
    private const int PidfdOpen = 434;
    private const int PidfdGetDescriptor = 438;
    private const int SharedKey = 0x434c5255;
    private const int SharedCreate = 0x200 | 0x180;

    private static readonly bool _isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Gets every attempt by its name; the arguments are the test's.</summary>
    public static IReadOnlyDictionary<string, Func<string[], string>> All { get; } = new Dictionary<string, Func<string[], string>>(StringComparer.Ordinal)
    {
        ["read-memory"] = arguments => ReadMemory(arguments[0], Number(arguments[1])),
        ["copy-memory"] = arguments => CopyMemory((int)Number(arguments[0]), Number(arguments[1])),
        ["trace"] = arguments => Trace((int)Number(arguments[0])),
        ["read-environment"] = arguments => File.ReadAllText($"/proc/{arguments[0]}/environ"),
        ["read-command-line"] = arguments => File.ReadAllText($"/proc/{arguments[0]}/cmdline"),
        ["open-descriptor"] = arguments => File.ReadAllText($"/proc/{arguments[0]}/fd/{arguments[1]}"),
        ["take-descriptor"] = arguments => TakeDescriptor((int)Number(arguments[0]), (int)Number(arguments[1])),
        ["list-processes"] = _ => string.Join(' ', Directory.GetDirectories("/proc").Select(Path.GetFileName)),
        ["signal"] = arguments => Said(Attacks.Kill((int)Number(arguments[0]), SignalContinue), "kill"),
        ["read-file"] = arguments => File.ReadAllText(arguments[0]),
        ["list-directory"] = arguments => string.Join(' ', Directory.GetFileSystemEntries(arguments[0])),
        ["write-file"] = arguments => WriteFile(arguments[0]),
        ["create-directory"] = arguments => Directory.CreateDirectory(arguments[0]).FullName,
        ["remove-file"] = arguments => RemoveFile(arguments[0]),
        ["connect-tcp"] = arguments => Connect(AddressFamily.InterNetwork, new IPEndPoint(IPAddress.Loopback, (int)Number(arguments[0]))),
        ["connect-unix"] = arguments => Connect(AddressFamily.Unix, new UnixDomainSocketEndPoint(arguments[0])),
        ["listen-tcp"] = _ => Listen(),
        ["start-shell"] = _ => StartShell(),
        ["become-shell"] = arguments => BecomeShell(arguments[0]),
        ["leave-state"] = arguments => LeaveState(arguments[0]),
        ["find-state"] = _ => FindState(),
        ["share-memory"] = arguments => ShareMemory(Number(arguments[0])),
    };

    /// <summary>Takes memory that no limit of a process counts: shared with nobody.</summary>
    private static string ShareMemory(long bytes)
    {
        const int readAndWrite = 3;
        const int sharedAnonymous = 0x21;
        var start = Attacks.Map(0, (nuint)bytes, readAndWrite, sharedAnonymous, file: -1, offset: 0);
        if (start == -1)
        {
            throw new IOException("mmap");
        }

        for (var page = 0L; page < bytes; page += Environment.SystemPageSize)
        {
            ((byte*)start)[page] = 1;
        }

        return "taken";
    }

    private static string ReadMemory(string process, long address)
    {
        using var memory = new FileStream($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        memory.Position = address;
        var bytes = new byte[Victim.Secret.Length];
        memory.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static string CopyMemory(int process, long address)
    {
        var bytes = new byte[Victim.Secret.Length];
        fixed (byte* start = bytes)
        {
            var here = new IoVector { Base = start, Length = (nuint)bytes.Length };
            var there = new IoVector { Base = (byte*)address, Length = (nuint)bytes.Length };
            _ = Said(Attacks.Call(_isX64 ? 310 : 270, process, (nint)(&here), 1, (nint)(&there), 1, 0), "process_vm_readv");
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static string Trace(int process)
    {
        var number = _isX64 ? 101 : 117;
        var said = Said(Attacks.Call(number, TraceAttach, process, 0, 0, 0, 0), "ptrace");
        _ = Attacks.Wait(process, out _, 0x40000000);
        _ = Attacks.Call(number, TraceDetach, process, 0, 0, 0, 0);
        return said;
    }

    private static string TakeDescriptor(int process, int descriptor)
    {
        var handle = Attacks.Call(PidfdOpen, process, 0, 0, 0, 0, 0);
        _ = Said(handle, "pidfd_open");
        return "descriptor " + Said(Attacks.Call(PidfdGetDescriptor, handle, descriptor, 0, 0, 0, 0), "pidfd_getfd");
    }

    private static string WriteFile(string path)
    {
        File.WriteAllText(path, Victim.Secret);
        return File.ReadAllText(path);
    }

    private static string RemoveFile(string path)
    {
        File.Delete(path);
        return File.Exists(path) ? throw new IOException("still there") : path;
    }

    private static string Connect(AddressFamily family, EndPoint endPoint)
    {
        using var socket = new Socket(family, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(endPoint);
        return "connected";
    }

    private static string Listen()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return "listening";
    }

    private static string StartShell()
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "echo from a shell"]) { RedirectStandardOutput = true })!;
        return shell.StandardOutput.ReadToEnd();
    }

    private static string BecomeShell(string trace)
    {
        _ = Libc.Execute("/bin/sh", ["/bin/sh", "-c", $"echo here > {trace}", null], [null]);
        throw new IOException($"execve: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    // Memory of System V outlives the process that made it.
    private static string LeaveState(string text)
    {
        var id = Attacks.SharedMemory(SharedKey, 4_096, SharedCreate);
        _ = Said(id, "shmget");
        var address = Attacks.AttachShared(id, 0, 0);
        _ = Said(address, "shmat");
        Encoding.UTF8.GetBytes(text + '\0').CopyTo(new Span<byte>((void*)address, 4_096));
        return text;
    }

    private static string FindState()
    {
        var id = Attacks.SharedMemory(SharedKey, 0, 0);
        _ = Said(id, "shmget");
        var address = Attacks.AttachShared(id, 0, 0);
        _ = Said(address, "shmat");
        var text = Marshal.PtrToStringUTF8(address)!;
        _ = Attacks.ControlShared(id, 0, 0);
        return text;
    }

    private static string Said(nint value, string call) => value >= 0 || value < -4_096
        ? value.ToString(CultureInfo.InvariantCulture)
        : throw new IOException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
