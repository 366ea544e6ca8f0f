namespace CleanRoom.Engine.Sandbox.Landlock;

/// <summary>What Landlock can refuse on files, as the kernel numbers it (<c>linux/landlock.h</c>).</summary>
[Flags]
internal enum LandlockAccess : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Starting it as a program.</summary>
    Execute = 1 << 0,

    /// <summary>Opening it for writing.</summary>
    WriteFile = 1 << 1,

    /// <summary>Opening it for reading.</summary>
    ReadFile = 1 << 2,

    /// <summary>Listing a directory.</summary>
    ReadDirectory = 1 << 3,

    /// <summary>Everything that the first version knows: the four above, removing, and making of every kind.</summary>
    Version1 = (1 << 13) - 1,

    /// <summary>Linking or moving between directories, from version 2.</summary>
    Refer = 1 << 13,

    /// <summary>Truncating, from version 3.</summary>
    Truncate = 1 << 14,

    /// <summary>Controlling a device, from version 5.</summary>
    ControlDevice = 1 << 15,
}
