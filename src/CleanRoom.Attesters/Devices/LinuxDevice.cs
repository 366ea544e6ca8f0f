using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace CleanRoom.Attesters.Devices;

/// <summary>A device of this machine.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class LinuxDevice(string path) : IDeviceControl
{
    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public int Control(uint request, nint argument)
    {
        try
        {
            using var device = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return IoControl(device, request, argument) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var got = exception is UnauthorizedAccessException ? "no permission" : exception is FileNotFoundException or DirectoryNotFoundException ? "none" : "an error";
            throw new AttesterException($"{path}: wanted a device that can be opened, got {got}", exception);
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoControl(SafeHandle file, nuint request, nint argument);
}
