using System.Collections.Immutable;
using System.Globalization;

namespace CleanRoom.Engine.Sandbox.ControlGroups;

/// <summary>A control group that holds one engine: the kernel counts all its memory, shared mappings too, and all its threads. Disposing removes it; it must be empty then.</summary>
internal sealed class ControlGroup : IDisposable
{
    /// <summary>The most threads of an engine: 256 of DuckDB, and the runtime's own.</summary>
    public const int MaxThreads = 512;

    private readonly ImmutableArray<string> _folders;
    private readonly bool _isVersion2;

    private ControlGroup(ImmutableArray<string> folders, bool isVersion2) => (_folders, _isVersion2) = (folders, isVersion2);

    /// <summary>Gets a value that says whether the kernel has killed the engine because it wanted more memory.</summary>
    public bool HasKilled => Lines(_isVersion2 ? "memory.events" : "memory.oom_control")
        .Any(line => line.Split(' ') is ["oom_kill", var times] && times != "0");

    /// <summary>Makes one with its limit of threads and no memory limit yet.</summary>
    /// <exception cref="IOException">The kernel would not.</exception>
    /// <exception cref="UnauthorizedAccessException">The node may not.</exception>
    public static ControlGroup Create(ControlGroupHome home, string name)
    {
        var group = new ControlGroup(home.FoldersOf(name), home.IsVersion2);
        try
        {
            foreach (var folder in group._folders)
            {
                Directory.CreateDirectory(folder);
            }

            group.Write("pids.max", MaxThreads);
            if (home.IsVersion2)
            {
                group.Write("memory.swap.max", 0, isOptional: true);
            }

            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    /// <summary>Puts a process with all its threads into it.</summary>
    /// <exception cref="IOException">The process is gone, or the kernel would not.</exception>
    public void Add(int process)
    {
        foreach (var folder in _folders)
        {
            File.WriteAllText(Path.Combine(folder, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Says whether a process is in it.</summary>
    public bool Holds(int process) => _folders.All(folder =>
        File.Exists(Path.Combine(folder, "cgroup.procs")) && File.ReadLines(Path.Combine(folder, "cgroup.procs")).Contains(process.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Limits the memory of all kinds, swap included. Beyond it the kernel kills.</summary>
    /// <param name="bytes">Bytes.</param>
    /// <exception cref="IOException">The kernel would not.</exception>
    public void LimitMemory(long bytes)
    {
        if (_isVersion2)
        {
            Write("memory.max", bytes);
            return;
        }

        Write("memory.limit_in_bytes", bytes);
        Write("memory.memsw.limit_in_bytes", bytes, isOptional: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var folder in _folders)
        {
            Remove(folder);
        }
    }

    /// <summary>Removes a group if nothing is in it. One that is left is empty, and the next node removes it.</summary>
    internal static void Remove(string folder)
    {
        try
        {
            // Only the group: what it seems to hold are the kernel's files.
            Directory.Delete(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody is in it still.
        }
    }

    private IEnumerable<string> Lines(string file) =>
        _folders.Select(folder => Path.Combine(folder, file)).Where(File.Exists).SelectMany(File.ReadLines);

    private void Write(string file, long value, bool isOptional = false)
    {
        var written = 0;
        foreach (var path in _folders.Select(folder => Path.Combine(folder, file)).Where(File.Exists))
        {
            File.WriteAllText(path, value.ToString(CultureInfo.InvariantCulture));
            written++;
        }

        if (written == 0 && !isOptional)
        {
            throw new IOException($"wanted a control group with {file}; got none");
        }
    }
}
