using System.Text.RegularExpressions;
using System.Xml.Linq;
using CleanRoom.Portal.Features.Keys;
using CleanRoom.Portal.Texts;
using CleanRoom.TestKit;

namespace CleanRoom.Portal.Tests.Components;

public sealed partial class PortalTextTests
{
    private static readonly string _portal = RepositoryFiles.Committed("ui", "CleanRoom.Portal");

    [Fact]
    public void Every_key_has_words_and_every_word_is_used()
    {
        var words = XDocument.Load(Path.Combine(_portal, "Texts", "English.resx")).Descendants("data").Select(one => one.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);
        var sources = Directory.EnumerateFiles(_portal, "*", SearchOption.AllDirectories).Where(path => Path.GetExtension(path) is ".razor" or ".cs")
            .Select(File.ReadAllText).ToList();
        var whole = sources.SelectMany(text => Literals().Matches(text)).Select(match => match.Groups[1].Value).Where(text => Key().IsMatch(text)).ToHashSet(StringComparer.Ordinal);
        var beginnings = sources.SelectMany(text => Beginnings().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var asked = sources.SelectMany(text => Asked().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        asked.Where(key => !words.Contains(key)).Should().BeEmpty("each is asked for");
        words.Where(key => !whole.Contains(key) && !beginnings.Any(begin => key.StartsWith(begin, StringComparison.Ordinal))).Should().BeEmpty("nothing asks for them");
    }

    [Fact]
    public void Words_of_a_key_without_words_are_an_error() =>
        FluentActions.Invoking(() => PortalText.Of("no.such.key")).Should().Throw<System.Resources.MissingManifestResourceException>();

    [Fact]
    public void Every_role_has_a_word() => RoleWords.Of(RoleWords.All).Should().Be("admin, owner, analyst, approver, receiver, auditor");

    [GeneratedRegex("""
        "([a-z][a-zA-Z.\-]*)"
        """)]
    private static partial Regex Literals();

    [GeneratedRegex(@"\A[a-z]+(\.[a-z\-]+)*\z")]
    private static partial Regex Key();

    [GeneratedRegex("""
        \$"([a-z.]+\.)\{
        """)]
    private static partial Regex Beginnings();

    [GeneratedRegex("""
        (?<!\w)T\("([a-z.\-]+)"
        """)]
    private static partial Regex Asked();
}
