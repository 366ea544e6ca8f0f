using System.Globalization;

namespace CleanRoom.TestKit.Network;

/// <summary>The clock of a machine, for programs that are started with it: set back or forward while they run. The time that passes stays as it is.</summary>
/// <remarks>By libfaketime, which answers in the place of the C library.</remarks>
public sealed class MovableClock
{
    private static readonly string? _library = new[] { "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib" }
        .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
        .FirstOrDefault(File.Exists);

    private readonly string _file;

    /// <summary>Makes one that is right.</summary>
    /// <param name="file">Where it keeps how wrong it is.</param>
    public MovableClock(string file)
    {
        _file = file;
        Move(TimeSpan.Zero);
    }

    /// <summary>Gets why there is none here; null when there is.</summary>
    public static string? Missing => _library is null ? "libfaketime is not installed (apt-get install libfaketime)" : null;

    /// <summary>Gets what a program's command line begins with, to have this clock.</summary>
    public string[] With =>
    [
        "env", $"LD_PRELOAD={_library ?? throw new InvalidOperationException(Missing)}", $"FAKETIME_TIMESTAMP_FILE={_file}", "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
    ];

    /// <summary>Sets it so far from the right time; a program sees it within a second.</summary>
    public void Move(TimeSpan from)
    {
        // In one step: a program may read while this writes.
        var next = _file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{from.TotalSeconds:+0;-0;+0}"));
        File.Move(next, _file, overwrite: true);
    }
}
