namespace CleanRoom.Attesters.Devices;

/// <summary>Error numbers of Linux, the same on x86-64 and arm64.</summary>
internal static class LinuxErrors
{
    public const int Interrupted = 4;
    public const int InputOutput = 5;

    /// <summary>EAGAIN, which is EWOULDBLOCK.</summary>
    public const int TryAgain = 11;
    public const int Busy = 16;

    /// <summary>Returns whether the same request may succeed when it is made again.</summary>
    public static bool IsForLater(int error) => error is Interrupted or TryAgain or Busy;
}
