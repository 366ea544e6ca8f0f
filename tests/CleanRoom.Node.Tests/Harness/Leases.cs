using CleanRoom.Engine.Memory;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>Questions about leases of anonymous memory.</summary>
internal static class Leases
{
    /// <summary>Says whether a lease has ended, which zeroes its memory.</summary>
    public static bool IsZeroed(this AnonymousFile file)
    {
        try
        {
            _ = file.Read(0, 1);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
