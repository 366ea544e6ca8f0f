using System.Text;
using Bunit;
using CleanRoom.TestKit;
using MudBlazor;
using MudBlazor.Services;

namespace CleanRoom.Portal.Tests.Theme;

/// <summary>The page's theme is a file: written here by the component library, so that no page reckons it while it starts.</summary>
public sealed class ThemeTests : BunitContext
{
    private const string Root = ":root{";

    private static readonly string _file = RepositoryFiles.Committed("ui", "CleanRoom.Portal", "wwwroot", "css", "theme.css");

    [Fact]
    public async Task File_is_what_the_library_makes_of_the_theme() =>
        (await File.ReadAllTextAsync(_file, Xunit.TestContext.Current.CancellationToken)).Should().Be(Written(), "Rewrite_theme writes it");

    [Fact(Explicit = true)]
    public Task Rewrite_theme() => File.WriteAllTextAsync(_file, Written(), Xunit.TestContext.Current.CancellationToken);

    private string Written()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
        var light = Variables(isDark: false);
        var dark = Variables(isDark: true).Except(light).ToList();
        dark.Should().NotBeEmpty();
        return new StringBuilder("/* Written by ThemeTests.Rewrite_theme from PortalTheme.cs. */\n")
            .Append(":root {\n").AppendJoin('\n', light).Append("\n}\n")
            .Append(":root[data-theme=dark] {\n").AppendJoin('\n', dark).Append("\n}\n")
            .Append("@media (prefers-color-scheme: dark) {\n:root:not([data-theme]) {\n").AppendJoin('\n', dark).Append("\n}\n}\n")
            .ToString();
    }

    private List<string> Variables(bool isDark)
    {
        var style = Render<MudThemeProvider>(set => set.Add(one => one.Theme, PortalTheme.Theme).Add(one => one.IsDarkMode, isDark)).Markup;
        var start = style.IndexOf(Root, StringComparison.Ordinal);
        start.Should().BePositive("the library writes one block of variables");
        var block = style[(start + Root.Length)..style.IndexOf('}', start)];
        return [.. block.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => $"{one};")];
    }
}
