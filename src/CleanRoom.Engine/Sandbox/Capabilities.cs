using System.Runtime.InteropServices;
using CleanRoom.Engine.Native;

namespace CleanRoom.Engine.Sandbox;

/// <summary>Gives up root's capabilities, so that a root engine cannot leave its namespace or trace the node.</summary>
internal static unsafe class Capabilities
{
    private const uint Version3 = 0x20080522;

    /// <summary>Empties the bounding set; the next program then starts with none. Does nothing without the privilege.</summary>
    /// <remarks>Nothing is dropped where the program's own files can be read only with a capability: it could not start again.</remarks>
    public static void DropAll()
    {
        if (!CanReadOwnFilesWithout())
        {
            return;
        }

        var capability = 0;
        while (Libc.ProcessControl(Libc.DropBoundingCapability, capability, 0, 0, 0) == 0)
        {
            capability++;
        }
    }

    /// <summary>Says whether the program could start again without a capability. Changes the calling thread for a moment.</summary>
    public static bool CanReadOwnFilesWithout()
    {
        var header = new CapabilityHeader { Version = Version3 };
        var held = stackalloc CapabilityData[2];
        if (Libc.GetCapabilities(&header, held) != 0)
        {
            return false;
        }

        var none = stackalloc CapabilityData[2];
        (none[0], none[1]) = (held[0], held[1]);
        none[0].Effective = none[1].Effective = 0;
        if (Libc.SetCapabilities(&header, none) != 0)
        {
            return false;
        }

        var isReadable = IsReadable(AppContext.BaseDirectory) && IsReadable(RuntimeEnvironment.GetRuntimeDirectory())
            && Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").All(IsReadable);
        return Libc.SetCapabilities(&header, held) == 0 && isReadable;
    }

    private static bool IsReadable(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return Directory.EnumerateFileSystemEntries(path).Any();
            }

            using var file = File.OpenHandle(path);
            return true;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
