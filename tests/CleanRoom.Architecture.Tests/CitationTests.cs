using System.Text.RegularExpressions;
using CleanRoom.TestKit;

namespace CleanRoom.Architecture.Tests;

/// <summary>What code and documents refer to is there: pages and sections of the specification, decision records, files, tests.</summary>
public partial class CitationTests
{
    // Pages about one kind of evidence have the kind's name, in a folder of their own.
    private static readonly ILookup<bool, string> _pages = Repository.Files("contracts/spec", ".md")
        .ToLookup(path => path.StartsWith("contracts/spec/attestation/", StringComparison.Ordinal));

    private static readonly Dictionary<string, HashSet<string>> _sections = _pages[false]
        .ToDictionary(Number, path => Heading().Matches(Repository.Read(path)).Select(heading => heading.Groups[1].Value).ToHashSet());

    private static readonly HashSet<string> _decisions = [.. Repository.Files("contracts/decisions", ".md").Select(Number)];

    private static readonly string[] _code = [.. Repository.Files("src", ".cs", ".csproj"), "Directory.Build.props"];

    [Fact]
    public void Every_page_and_section_of_the_specification_that_code_cites_exists() => Cited(_code, SpecCitation())
        .Where(citation => !Exists(citation.Match.Groups[1].Value, citation.Match.Groups[2].Value))
        .Select(citation => citation.Text)
        .Should().BeEmpty();

    [Fact]
    public void Every_page_about_a_kind_of_evidence_that_code_cites_exists()
    {
        var cited = Cited(_code, KindCitation()).ToList();

        cited.Should().NotBeEmpty();
        cited.Where(citation => !_pages[true].Contains($"contracts/spec/attestation/{citation.Match.Groups[1].Value}.md")).Select(citation => citation.Text).Should().BeEmpty();
    }

    [Fact]
    public void Every_decision_that_code_cites_exists() => Cited(_code, DecisionCitation())
        .Where(citation => !_decisions.Contains(citation.Match.Groups[1].Value))
        .Select(citation => citation.Text)
        .Should().BeEmpty();

    [Fact]
    public void Code_cites_no_text_that_is_not_part_of_the_repository() => Cited(_code, ForeignCitation())
        .Select(citation => citation.Text)
        .Should().BeEmpty();

    [Fact]
    public void Pages_of_the_specification_and_decisions_have_a_number_of_their_own()
    {
        _pages[false].Select(Number).Should().OnlyHaveUniqueItems();
        Repository.Files("contracts/decisions", ".md").Select(Number).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Every_link_in_a_document_leads_to_a_file() => Cited(Repository.Files("", ".md"), Link())
        .Where(link => !IsThere(link.Path, link.Match.Groups[1].Value))
        .Select(link => link.Text)
        .Should().BeEmpty();

    [Fact]
    public void Every_test_that_a_document_names_exists()
    {
        var documents = Repository.Files("infra/docs", ".md").Concat(Repository.Files("contracts/decisions", ".md")).Append("README.md");
        var tests = Repository.Files("tests", ".cs")
            .ToLookup(path => Path.GetFileNameWithoutExtension(path).Split('.')[0], Repository.Read);
        var named = Cited(documents, TestName()).ToList();

        named.Should().NotBeEmpty();
        named.Where(name => !tests[name.Match.Groups[1].Value].Any(text => Regex.IsMatch(text, $@"\b{name.Match.Groups[2].Value}\(")))
            .Select(name => name.Text)
            .Should().BeEmpty();
    }

    [Fact]
    public void Every_event_that_code_logs_has_a_number_of_its_own_and_a_line_in_the_runbook()
    {
        var events = Cited(Repository.Files("src", ".cs"), EventId()).Select(log => log.Match.Groups[1].Value).ToList();
        var runbook = Repository.Read("infra/docs/runbook.md");

        events.Should().NotBeEmpty().And.OnlyHaveUniqueItems();
        events.Where(id => !Regex.IsMatch(runbook, $@"^\| [\d, ]*\b{id}\b", RegexOptions.Multiline)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("contracts/spec/0005 s.5.3.", "0005", "5.3")]
    [InlineData("contracts/spec/0005.", "0005", "")]
    [InlineData("contracts/spec/0002, s.3", "0002", "")]
    public void Citation_is_read_with_its_section(string text, string page, string section) =>
        SpecCitation().Match(text).Groups.Values.Skip(1).Select(group => group.Value).Should().Equal(page, section);

    private static bool Exists(string page, string section) =>
        _sections.TryGetValue(page, out var sections) && (section.Length == 0 || sections.Contains(section));

    private static bool IsThere(string document, string target) =>
        RepositoryFiles.Committed(Path.GetDirectoryName(document)!, target) is var path && (File.Exists(path) || Directory.Exists(path));

    private static string Number(string path) => Path.GetFileName(path).Split('-')[0];

    private static IEnumerable<Citation> Cited(IEnumerable<string> paths, Regex rule) => paths.SelectMany(path =>
    {
        var text = Repository.Read(path);
        return rule.Matches(text).Select(match => new Citation(path, text.AsSpan(0, match.Index).Count('\n') + 1, match));
    });

    [GeneratedRegex(@"^#{2,4} (\d+(?:\.\d+)*)\.? ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\bspec/(\d{4})(?: s\.(\d+(?:\.\d+)*))?")]
    private static partial Regex SpecCitation();

    [GeneratedRegex(@"\bspec/attestation/([a-z0-9-]+)")]
    private static partial Regex KindCitation();

    [GeneratedRegex(@"\b(?:decisions/|decision )(\d{4})")]
    private static partial Regex DecisionCitation();

    [GeneratedRegex(@"\b(?:architecture|protocol|policy|style)\.md \d")]
    private static partial Regex ForeignCitation();

    [GeneratedRegex(@"\[LoggerMessage\((\d+),")]
    private static partial Regex EventId();

    // Relative links and pictures, without the place inside the page.
    [GeneratedRegex(@"\]\((?![a-z]+:)([\w./-]+)(?:#[^)\s]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();

    private sealed record Citation(string Path, int Line, Match Match)
    {
        public string Text => $"{Path}:{Line}: {Match.Value}";
    }
}
