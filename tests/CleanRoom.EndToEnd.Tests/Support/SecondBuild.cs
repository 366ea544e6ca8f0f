using System.Diagnostics;
using CleanRoom.Cli.Machines;

namespace CleanRoom.EndToEnd.Tests.Support;

/// <summary>The program as another build: the same, with one file more, so that its name and what the simulated TEE measures are others.</summary>
internal sealed record SecondBuild(string Program, string Build)
{
    /// <summary>Gets the name of the build of <see cref="CleanRoomProgram"/>.</summary>
    public static string First => BuildName.Compute(Folder);

    private static string Folder => Path.GetDirectoryName(CleanRoomProgram.Path)!;

    /// <summary>Makes it in a folder that is not there yet.</summary>
    public static async Task<SecondBuild> MakeAsync(string folder)
    {
        using var copy = Process.Start("cp", ["-a", Folder, folder]);
        await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
        copy.ExitCode.Should().Be(0);
        await File.WriteAllTextAsync(Path.Combine(folder, "CleanRoom.Second.dll"), "no assembly, and nothing loads it", TestContext.Current.CancellationToken);
        return new SecondBuild(Path.Combine(folder, Path.GetFileName(CleanRoomProgram.Path)), BuildName.Compute(folder));
    }
}
