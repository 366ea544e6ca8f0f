using System.Globalization;
using System.Reflection;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.Attestation.Tests;

/// <summary>Writes RESULTS.md: every genuine vector, what its collection expects, what this program finds.</summary>
/// <remarks>
/// A vector agrees when exactly the expected checks fail and every claim that the collection gives is found. The committed table
/// must be the one that the run makes; the explicit test writes it anew.
/// </remarks>
public sealed class ResultsTests
{
    private const string Table = "tests/CleanRoom.Attestation.Tests/RESULTS.md";

    private static readonly Lazy<List<VectorCase>> s_cases = new(Collect);

    [Fact]
    public void Every_vector_agrees_with_its_collection()
    {
        SharedVectors.Require();
        var cases = Cases();

        cases.Should().NotBeEmpty();
        cases.SelectMany(VectorVerdict.Disagreements).Should().BeEmpty();
        cases.Select(one => (one.Name, one.Expected)).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Each_vector_is_recognised_as_its_own_kind_only()
    {
        SharedVectors.Require();
        foreach (var one in Cases().Where(one => one.IsGenuine))
        {
            PresentedEvidence.Detect(one.Evidence, one.Endorsements, EvidenceVerifiers.All)?.Tee.Should().Be(one.Verifier.Tee, one.Name);
        }
    }

    [Fact]
    public void Committed_table_is_the_one_that_this_run_makes()
    {
        SharedVectors.Require();

        File.ReadAllText(RepositoryFiles.Committed(Table)).Should().Be(Write(Cases()));
    }

    [Fact(Explicit = true)]
    public void Write_the_table() => File.WriteAllText(RepositoryFiles.Committed(Table), Write(Cases()));

    internal static List<VectorCase> Cases() => [.. s_cases.Value];

    private static List<VectorCase> Collect() =>
    [
        .. typeof(ResultsTests).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Vectors", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
            .Where(method => method.ReturnType.IsAssignableTo(typeof(IEnumerable<VectorCase>)) && method.GetParameters().Length == 0)
            .SelectMany(method => (IEnumerable<VectorCase>)method.Invoke(null, null)!)
            .OrderBy(one => one.Family, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal).ThenBy(one => one.Expected, StringComparer.Ordinal),
    ];

    private static string Write(List<VectorCase> cases)
    {
        var text = new StringBuilder();
        text.Append("# Evidence of other projects, judged here\n\nWritten by `ResultsTests`. The vectors are not part of this repository. \"Agrees\": exactly the expected checks fail, and every claim\nthat the collection gives is found. Judged without a contract: authenticity, debug and the status of the platform.\n\n");
        text.Append("| family | genuine | derived or altered | agree |\n| --- | --- | --- | --- |\n");
        foreach (var family in cases.GroupBy(one => one.Family))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {family.Key} | {family.Count(one => one.IsGenuine)} | {family.Count(one => !one.IsGenuine)} | {family.Count(one => !VectorVerdict.Disagreements(one).Any())} of {family.Count()} |\n");
        }

        text.Append("\n| vector | expected | judged at | verdict here | failed checks | fields compared |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var one in cases)
        {
            var result = VectorVerdict.Judge(one);
            var failed = result.Failures.Select(failure => failure.Check).Distinct().ToList();
            text.Append(CultureInfo.InvariantCulture, $"| {one.Name} | {one.Expected.Replace("|", "\\|", StringComparison.Ordinal)} | {one.At} | {result.Verdict.Word()} | {(failed.Count == 0 ? "-" : string.Join(", ", failed))} | {(one.Claims.IsEmpty ? "-" : string.Join(", ", one.Claims.Keys))} |\n");
        }

        return text.ToString();
    }
}
