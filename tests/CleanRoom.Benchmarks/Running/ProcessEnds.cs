using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Benchmarks.Running;

/// <summary>Waits for processes of others to end, as the kernel tells it, without looking again and again.</summary>
internal sealed partial class ProcessEnds : IDisposable
{
    private readonly SafeFileHandle[] _processes;

    /// <summary>Begins to watch.</summary>
    /// <param name="ids">Processes that run.</param>
    public ProcessEnds(IEnumerable<int> ids) => _processes = [.. ids.Select(id => new SafeFileHandle(Open(id, 0), ownsHandle: true))];

    /// <summary>Waits until one of them has ended. Its memory is free by then: a process gives it back before it is told to have ended.</summary>
    /// <returns>False when the patience is at its end, or one could not be watched.</returns>
    public bool WaitForOne(TimeSpan patience)
    {
        const short Readable = 1;
        var watched = _processes.Select(process => new Watched { Descriptor = (int)process.DangerousGetHandle(), Events = Readable }).ToArray();
        return !_processes.Any(process => process.IsInvalid) && Poll(watched, (nuint)watched.Length, (int)patience.TotalMilliseconds) > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "pidfd_open")]
    private static partial int Open(int id, uint flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll([In, Out] Watched[] watched, nuint count, int milliseconds);

    /// <summary><c>struct pollfd</c>. Source: poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Watched
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
