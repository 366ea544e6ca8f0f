using CleanRoom.Engine.Hosting;

namespace CleanRoom.Engine.Tests.Hosting;

public class EngineCommandTests
{
    private static readonly string Assembly = typeof(EngineCommand).Assembly.Location;

    [Fact]
    public void Of_hostAndAssembly_startsTheAssemblyByTheHost() =>
        ShouldBe(EngineCommand.Of("/opt/dotnet", Assembly, "/bin/ls", ["engine"]), "/opt/dotnet/dotnet", "exec", Assembly, "engine");

    [Fact]
    public void Of_noHost_startsTheProgram() => ShouldBe(EngineCommand.Of(null, Assembly, "/bin/ls", ["engine"]), "/bin/ls", "engine");

    [Fact]
    public void Of_programOfOneFile_startsTheProgram() =>
        ShouldBe(EngineCommand.Of("/opt/dotnet", "/bin/ls", "/bin/ls", ["engine"]), "/bin/ls", "engine");

    [Theory]
    [InlineData(null)]
    [InlineData("/opt/dotnet")]
    public void Of_neither_saysWhatWasWanted(string? root)
    {
        var choosing = () => EngineCommand.Of(root, "/nowhere/Engine.dll", "/nowhere/Engine", []);
        choosing.Should().Throw<EngineUnavailableException>().WithMessage("wanted a .NET host and /nowhere/Engine.dll, or a program at*");
    }

    [Fact]
    public void Default_inAnyHost_isTheEngineBesideIt()
    {
        var command = EngineCommand.Default();
        Path.IsPathRooted(command.FileName).Should().BeTrue();
        (command.Arguments is ["exec", var started] ? started : command.FileName + ".dll").Should().Be(Assembly);
    }

    [Fact]
    public void ThisProgram_inAnyHost_isTheProgramThatRunsWithTheVerb()
    {
        var command = EngineCommand.ThisProgram("engine", "child");
        command.Arguments[^2..].Should().Equal("engine", "child");
        Path.GetFileNameWithoutExtension(command.Arguments is ["exec", var started, ..] ? started : command.FileName)
            .Should().Be(System.Reflection.Assembly.GetEntryAssembly()!.GetName().Name);
    }

    private static void ShouldBe(EngineCommand command, string fileName, params string[] arguments)
    {
        command.FileName.Should().Be(fileName);
        command.Arguments.Should().Equal(arguments);
    }
}
