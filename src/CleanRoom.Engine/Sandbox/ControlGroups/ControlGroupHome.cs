using System.Collections.Immutable;
using System.Globalization;

namespace CleanRoom.Engine.Sandbox.ControlGroups;

/// <summary>Where this process may make control groups for its engines: below its own group, or beside it. Spec: contracts/spec/0012 s.2.4.</summary>
/// <remarks>
/// Version 1 has a tree for each controller, and a group below the node's own. In version 2 a group that holds processes gives its children no controllers, so the
/// groups are beside the node's: systemd makes it so with <c>Delegate=memory pids</c> and <c>DelegateSubgroup=</c>. Nobody else's group is changed.
/// </remarks>
internal sealed class ControlGroupHome
{
    private const string Prefix = "cleanroom-engine-";

    private readonly ImmutableArray<string> _folders;

    private ControlGroupHome(ImmutableArray<string> folders, bool isVersion2) => (_folders, IsVersion2) = (folders, isVersion2);

    /// <summary>Gets a value that says which files limit a group.</summary>
    public bool IsVersion2 { get; }

    /// <summary>Finds it on this machine, and removes what nodes that are gone have left there.</summary>
    /// <param name="detail">Which it is, or why there is none; no data.</param>
    /// <returns>Null where the node may not make groups.</returns>
    public static ControlGroupHome? Find(out string detail)
    {
        if (Of("/sys/fs/cgroup", File.ReadLines("/proc/self/cgroup")) is not { } home)
        {
            detail = "no group of the node's in which memory and pids are its to divide";
            return null;
        }

        try
        {
            home.RemoveLeftBehind();

            // Another host of this process may try at the same time: each tries with a group of its own.
            using var probe = ControlGroup.Create(home, Name(Guid.NewGuid().ToString("N")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            detail = "the node may not make one";
            return null;
        }

        detail = home.IsVersion2 ? "version 2, beside the node's" : "version 1, below the node's";
        return home;
    }

    /// <summary>Finds the folders by a process's own list of groups.</summary>
    /// <param name="root">Where the trees are mounted.</param>
    /// <param name="own">Lines <c>hierarchy:controllers:/path</c>; no controllers for version 2.</param>
    internal static ControlGroupHome? Of(string root, IEnumerable<string> own)
    {
        var groups = own.Select(line => line.Split(':', 3)).Where(parts => parts is [_, _, ['/', ..]]).ToList();
        var memory = Version1("memory");
        var pids = Version1("pids");
        if (memory is not null && pids is not null)
        {
            return new ControlGroupHome([.. new[] { memory, pids }.Distinct(StringComparer.Ordinal)], isVersion2: false);
        }

        return groups.Find(parts => parts[1].Length == 0) is [_, _, { Length: > 1 } path]
            && Path.Combine(root, Path.GetDirectoryName(path)!.TrimStart('/')) is var beside
            && Divided(beside).IsSupersetOf(["memory", "pids"])
                ? new ControlGroupHome([beside], isVersion2: true)
                : null;

        string? Version1(string controller) => groups.Find(parts => parts[1].Split(',').Contains(controller)) is [_, _, var path]
            && Path.Combine(root, controller, path.TrimStart('/')) is var folder && Directory.Exists(folder) ? folder : null;
    }

    /// <summary>Makes a group for a process that has just started, and puts it in.</summary>
    /// <param name="process">Its id.</param>
    /// <returns>Null when the machine would not, which shows in the engine's report.</returns>
    public ControlGroup? Hold(int process)
    {
        ControlGroup? group = null;
        try
        {
            group = ControlGroup.Create(this, Name(process.ToString(CultureInfo.InvariantCulture)));
            group.Add(process);
            return group;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            group?.Dispose();
            return null;
        }
    }

    /// <summary>Returns the folders of a group of that name.</summary>
    internal ImmutableArray<string> FoldersOf(string name) => [.. _folders.Select(folder => Path.Combine(folder, name))];

    private static string Name(string of) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{of}");

    private static HashSet<string> Divided(string group)
    {
        var file = Path.Combine(group, "cgroup.subtree_control");
        return File.Exists(file) ? [.. File.ReadAllText(file).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)] : [];
    }

    private void RemoveLeftBehind()
    {
        foreach (var folder in _folders.SelectMany(folder => Directory.GetDirectories(folder, Prefix + "*")))
        {
            var node = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{node}"))
            {
                ControlGroup.Remove(folder);
            }
        }
    }
}
