using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Demo;

/// <summary>The images are built without the simulated TEE: such a program has no code that could pretend.</summary>
public sealed class BuildWithoutInsecureTests
{
    [Fact]
    public async Task Program_built_without_the_insecure_switch_lacks_the_assembly_and_refuses_the_demo()
    {
        using var directory = new TemporaryDirectory();
        var program = directory.File("program");

        // Its own artifacts: the tests run from the other ones.
        var build = await CleanRoomProgram.RunProgramAsync(
            "dotnet",
            "publish",
            "src/CleanRoom.Cli/CleanRoom.Cli.csproj",
            "--nologo",
            "-p:CleanRoomInsecure=false",
            "-p:OpenApiGenerateDocuments=false",
            "-p:CleanRoomPortal=false",
            "-p:RunAnalyzers=false", // The build that these tests come from was analysed.
            $"-p:ArtifactsPath={directory.File("artifacts")}",
            "--output",
            program);
        build.ExitCode.Should().Be(0, build.Output);
        Directory.GetFiles(program, "*Insecure*").Should().BeEmpty();

        var demo = await CleanRoomProgram.RunProgramAsync(Path.Combine(program, "cleanroom"), "demo");

        demo.ExitCode.Should().Be(5);
        demo.Error.Should().Contain("insecure-not-allowed").And.Contain("the simulated TEE is not part of it");
    }
}
