using System.Runtime.InteropServices;
using CleanRoom.Engine.Native;

namespace CleanRoom.Engine.Sandbox.Landlock;

/// <summary>Closes the file system, TCP, and what lies outside of the process's own domain, but for a list of paths.</summary>
/// <remarks>
/// A rule is the kernel's object for a file, and the kernel makes another for an entry of <c>/proc</c> that it forgot under want of memory: then the file is closed.
/// So every file that has a rule is kept open, by path alone, which gives no right to read it.
/// It holds the thread that enters it, every thread that it starts afterwards, and every program that it becomes. A process in it cannot
/// trace or read the memory of a process outside. Files that are open already, and memory files, stay usable. Spec: contracts/spec/0012 s.2.1;
/// source: landlock(7) and <c>linux/landlock.h</c>.
/// </remarks>
internal static unsafe class LandlockRuleset
{
    private const nint AskVersion = 1;
    private const int RulePathBeneath = 1;
    private const ulong TcpBindAndConnect = 3;
    private const ulong ScopeAbstractSocketsAndSignals = 3;

    private const int VersionWithRefer = 2;
    private const int VersionWithTruncate = 3;
    private const int VersionWithTcp = 4;
    private const int VersionWithDevices = 5;
    private const int VersionWithScopes = 6;

    /// <summary>Asks the kernel which version it has.</summary>
    /// <returns>0 when it has none.</returns>
    public static int Version() => Math.Max(0, (int)Libc.SystemCall(Libc.CallLandlockCreateRuleset, null, 0, AskVersion));

    /// <summary>Enters a domain in which nothing is left but the paths, whose files stay open.</summary>
    /// <param name="paths">Each that is there stays reachable as it says; one that is not there is left out.</param>
    /// <param name="keep">Whether the files stay open in the program that this one becomes.</param>
    /// <returns>Whether the domain was entered. It needs no privilege, only that no new privileges can be gained.</returns>
    public static bool Enter(IEnumerable<(string Path, LandlockAccess Access)> paths, bool keep)
    {
        var version = Version();
        if (version == 0)
        {
            return false;
        }

        var handled = Handled(version);
        var attributes = new RulesetAttributes
        {
            Files = (ulong)handled,
            Network = version >= VersionWithTcp ? TcpBindAndConnect : 0,
            Scoped = version >= VersionWithScopes ? ScopeAbstractSocketsAndSignals : 0,
        };
        var ruleset = (int)Libc.SystemCall(Libc.CallLandlockCreateRuleset, &attributes, AttributeBytes(version), 0);
        if (ruleset < 0)
        {
            return false;
        }

        try
        {
            return paths.All(allowed => TryAllow(ruleset, allowed.Path, allowed.Access & handled, keep ? 0 : Libc.OpenCloseOnExec))
                && Libc.SystemCall(Libc.CallLandlockRestrictSelf, (void*)ruleset, 0, 0) == 0;
        }
        finally
        {
            _ = Libc.Close(ruleset);
        }
    }

    /// <summary>Returns everything on files that the version can refuse.</summary>
    internal static LandlockAccess Handled(int version) => LandlockAccess.Version1
        | (version >= VersionWithRefer ? LandlockAccess.Refer : LandlockAccess.None)
        | (version >= VersionWithTruncate ? LandlockAccess.Truncate : LandlockAccess.None)
        | (version >= VersionWithDevices ? LandlockAccess.ControlDevice : LandlockAccess.None);

    // A kernel refuses members that it does not know, so that it gets no more than its version has.
    private static int AttributeBytes(int version) =>
        version >= VersionWithScopes ? 3 * sizeof(ulong) : version >= VersionWithTcp ? 2 * sizeof(ulong) : sizeof(ulong);

    private static bool TryAllow(int ruleset, string path, LandlockAccess access, int openFlags)
    {
        var descriptor = Libc.Open(path, Libc.OpenPathOnly | openFlags);
        if (descriptor < 0)
        {
            return true;
        }

        var rule = new PathBeneath { Access = (ulong)access, Parent = descriptor };
        return Libc.SystemCall(Libc.CallLandlockAddRule, ruleset, RulePathBeneath, &rule, 0) == 0;
    }

    /// <summary><c>struct landlock_ruleset_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RulesetAttributes
    {
        public ulong Files;
        public ulong Network;
        public ulong Scoped;
    }

    /// <summary><c>struct landlock_path_beneath_attr</c>, which is packed.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct PathBeneath
    {
        public ulong Access;
        public int Parent;
    }
}
