using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.EndToEnd.Tests.Models;

/// <summary>The model of contracts/spec/models holds, and every defect that is put into it is found.</summary>
public sealed class RunSequenceModelTests
{
    private static readonly string? _missing = IsInstalled("spin") && IsInstalled("gcc") ? null : "spin or gcc is not installed (apt-get install spin gcc)";

    [Fact]
    public async Task Model_of_the_run_sequence_holds_in_every_state_and_every_defect_is_found()
    {
        Assert.SkipWhen(_missing is not null && Environment.GetEnvironmentVariable("CI") != "true", _missing ?? string.Empty);
        _missing.Should().BeNull("CI installs them");

        var run = await CleanRoomProgram.RunProgramAsync("/bin/bash", RepositoryFiles.Committed("contracts", "spec", "models", "check"));

        run.ExitCode.Should().Be(0, run.Output + run.Error);
        run.Output.Should().Contain("races").And.Contain("rollbacks").And.NotContain("NOT BROKEN");
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
