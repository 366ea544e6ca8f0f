using System.Text.RegularExpressions;

namespace CleanRoom.Architecture.Tests;

/// <summary>House rules that no analyzer checks.</summary>
public partial class SourceRulesTests
{
    private const int MaxLines = 500;

    private static readonly string[] _textFiles =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".json", ".yml", ".yaml", ".txt", ".sh", ".sql", ".js", ".razor", ".css", ".html", ".config", ".tf", ".tftpl", ".service", ".cjs",
        "", ".editorconfig", ".gitignore", ".gitattributes",
    ];

    [Fact]
    public void No_source_file_is_longer_than_500_lines() =>
        Repository.Files("", ".cs", ".razor", ".js")
            .Select(path => (Path: path, Lines: Repository.Read(path).Count('\n')))
            .Where(file => file.Lines > MaxLines).Should().BeEmpty();

    [Fact]
    public void Nothing_pretends_to_be_done() => InCode("", NotImplemented()).Should().BeEmpty();

    [Fact]
    public void Nothing_is_left_as_a_note() => InText(Note()).Should().BeEmpty();

    [Fact]
    public void No_test_waits_for_time() => InCode("tests", Waiting()).Should().BeEmpty();

    [Fact]
    public void No_product_code_sleeps() => InCode("src", Sleeping()).Should().BeEmpty();

    [Fact]
    public void Only_the_program_writes_to_the_console() =>
        InCode("src", ConsoleWrite()).Where(finding => !finding.StartsWith("src/CleanRoom.Cli/", StringComparison.Ordinal)).Should().BeEmpty();

    [Fact]
    public void Which_code_a_contract_accepts_is_said_in_one_place() =>
        InCode("src", ContractsOwnTuples()).Select(finding => finding[..finding.IndexOf(':', StringComparison.Ordinal)]).Distinct().Should().BeEquivalentTo(
            [
                "src/CleanRoom.Protocol/Endorsements/AcceptedCode.cs",

                // The text's rules, and a file that a person holds evidence against, are no appraisal in a room.
                "src/CleanRoom.Protocol/Contracts/ContractRules.cs", "src/CleanRoom.Cli/Commands/Attest/PolicyFile.cs",
            ],
            "an appraisal against the contract's own tuples alone forgets what its code endorsers have endorsed");

    [Theory]
    [InlineData("src/CleanRoom.Protocol")]
    [InlineData("src/CleanRoom.Policy")]
    [InlineData("src/CleanRoom.Privacy")]
    public void No_floating_point_decides_what_is_released(string folder) => InCode(folder, FloatingPoint()).Should().BeEmpty();

    [Fact]
    public void No_file_names_a_path_of_one_machine() => InText(MachinePath()).Should().BeEmpty();

    [Fact]
    public void No_file_names_a_package_registry() => InText(Registry()).Should().BeEmpty();

    [Theory]
    [InlineData("double x", true)]
    [InlineData("float? x", true)]
    [InlineData("System.Half x", true)]
    [InlineData("list.Single()", false)]
    [InlineData("doubled", false)]
    public void Floating_point_rule_finds_types_only(string code, bool found) => FloatingPoint().IsMatch(code).Should().Be(found);

    private static IEnumerable<string> InCode(string folder, Regex rule) =>
        Repository.Files(folder, ".cs").SelectMany(path => Findings(path, SourceText.CodeOnly(Repository.Read(path)), rule));

    private static IEnumerable<string> InText(Regex rule) => Repository.Files("", _textFiles)
        .Where(path => !path.StartsWith("contracts/vectors/", StringComparison.Ordinal))
        .SelectMany(path => Findings(path, Repository.Read(path), rule));

    private static IEnumerable<string> Findings(string path, string text, Regex rule) =>
        rule.Matches(text).Select(match => $"{path}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}");

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex NotImplemented();

    // In two pieces, so that the rule does not find itself.
    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b")]
    private static partial Regex Note();

    [GeneratedRegex(@"\b(Thread\s*\.\s*Sleep|Task\s*\.\s*Delay)\b")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"\bConsole\s*\.\s*(Write|Out|Error)\w*")]
    private static partial Regex ConsoleWrite();

    [GeneratedRegex(@"\.\s*Attestation\s*,\s*[\w.]+\.\s*AllowInsecure\b")]
    private static partial Regex ContractsOwnTuples();

    [GeneratedRegex(@"\b(double|float)\b|\bSystem\s*\.\s*(Double|Single|Half)\b")]
    private static partial Regex FloatingPoint();

    [GeneratedRegex(@"(?<![\w.\-/}])/(work|tmp|root|home)/\w")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"(nuget" + @"\.org|npmjs" + @"\.org|pypi" + @"\.org|crates" + @"\.io)")]
    private static partial Regex Registry();
}
