using System.Xml.Linq;

namespace CleanRoom.Architecture.Tests;

/// <summary>Who may know whom. A new project, reference or package is a line here, and so a decision that a reviewer sees.</summary>
public class ProjectGraphTests
{
    private const string Insecure = "CleanRoom.Attestation.Insecure";
    private const string Portal = "CleanRoom.Portal";

    private static readonly string[] _ringB =
    [
        "CleanRoom.Protocol", "CleanRoom.Cryptography", "CleanRoom.Privacy", "CleanRoom.Attestation", Insecure, "CleanRoom.Datasets", "CleanRoom.Client",
    ];

    private static readonly Dictionary<string, Allowed> _allowed = new(StringComparer.Ordinal)
    {
        ["CleanRoom.Protocol"] = new([], []),
        ["CleanRoom.Cryptography"] = new(["CleanRoom.Protocol"], ["BouncyCastle.Cryptography"]),
        ["CleanRoom.Cryptography.Bcl"] = new(["CleanRoom.Cryptography"], []),
        ["CleanRoom.Attestation"] = new(["CleanRoom.Protocol", "CleanRoom.Cryptography"], ["BouncyCastle.Cryptography", "System.Formats.Cbor"]),
        ["CleanRoom.Attesters"] = new(["CleanRoom.Attestation"], ["System.Formats.Cbor"]),
        [Insecure] = new(["CleanRoom.Attestation"], []),
        ["CleanRoom.Datasets"] = new(["CleanRoom.Protocol"], ["K4os.Compression.LZ4", "Snappier", "ZstdSharp.Port"]),
        ["CleanRoom.Privacy"] = new(["CleanRoom.Protocol"], []),
        ["CleanRoom.Policy"] = new(["CleanRoom.Protocol", "CleanRoom.Privacy"], []),
        ["CleanRoom.Engine"] = new(["CleanRoom.Protocol", "CleanRoom.Policy"], ["Apache.Arrow", "DuckDB.NET.Data.Full"]),
        ["CleanRoom.Storage"] = new(["CleanRoom.Protocol"], ["AWSSDK.S3", "Azure.Storage.Blobs", "Microsoft.Data.Sqlite", "Npgsql"]),
        ["CleanRoom.Client"] = new(["CleanRoom.Protocol", "CleanRoom.Privacy", "CleanRoom.Cryptography", "CleanRoom.Attestation", "CleanRoom.Datasets"], ["Apache.Arrow"]),
        ["CleanRoom.Grains"] = new(
            [
                "CleanRoom.Protocol", "CleanRoom.Cryptography", "CleanRoom.Cryptography.Bcl", "CleanRoom.Attestation", "CleanRoom.Policy",
                "CleanRoom.Datasets", "CleanRoom.Engine", "CleanRoom.Storage",
            ],
            ["Apache.Arrow", "Microsoft.Orleans.Server"]),
        ["CleanRoom.Node"] = new(
            ["CleanRoom.Grains"],
            [
                "Microsoft.AspNetCore.OpenApi", "Microsoft.Extensions.ApiDescription.Server", "Microsoft.Orleans.Client", "Microsoft.Orleans.Clustering.AdoNet",
                "Microsoft.Orleans.Connections.Security",
                "OpenTelemetry.Exporter.OpenTelemetryProtocol", "OpenTelemetry.Extensions.Hosting", "OpenTelemetry.Instrumentation.AspNetCore",
            ]),
        ["CleanRoom.Cli"] = new(
            ["CleanRoom.Node", "CleanRoom.Attesters", "CleanRoom.Client", "CleanRoom.Cryptography.Bcl", "CleanRoom.Datasets", Insecure, Portal],
            ["Apache.Arrow", "Parquet.Net", "Spectre.Console", "System.CommandLine"]),
        [Portal] = new(["CleanRoom.Client", Insecure], ["Microsoft.AspNetCore.Components.WebAssembly", "MudBlazor"]),
    };

    private static readonly string[] _testPackages =
    [
        "BouncyCastle.Cryptography", "bunit", "Microsoft.AspNetCore.Components.WebAssembly", "Microsoft.AspNetCore.Mvc.Testing", "Microsoft.Extensions.TimeProvider.Testing",
        "Microsoft.Orleans.Server", "Microsoft.Orleans.TestingHost", "Microsoft.Playwright", "Parquet.Net",
    ];

    private static readonly IReadOnlyList<Project> _sources = [.. Project.In("src"), .. Project.In("ui")];
    private static readonly IReadOnlyList<Project> _tests = Project.In("tests");

    [Fact]
    public void Every_project_has_a_line_in_the_allow_list() =>
        _sources.Select(project => project.Name).Should().BeEquivalentTo(_allowed.Keys);

    [Fact]
    public void Projects_reference_only_what_the_allow_list_names() =>
        _sources.Where(project => _allowed.ContainsKey(project.Name))
            .SelectMany(project => project.References.Except(_allowed[project.Name].References).Select(other => $"{project.Name} -> {other}"))
            .Should().BeEmpty();

    [Fact]
    public void Projects_use_only_packages_that_the_allow_list_names() =>
        _sources.Where(project => _allowed.ContainsKey(project.Name))
            .SelectMany(project => project.Packages.Except(_allowed[project.Name].Packages).Select(package => $"{project.Name} -> {package}"))
            .Should().BeEmpty();

    [Fact]
    public void Test_projects_use_only_test_packages() =>
        _tests.SelectMany(project => project.Packages.Except(_testPackages).Select(package => $"{project.Name} -> {package}")).Should().BeEmpty();

    [Fact]
    public void Nothing_in_the_product_references_a_test_project() =>
        _sources.SelectMany(project => project.References).Should().NotIntersectWith(_tests.Select(project => project.Name));

    [Fact]
    public void References_have_no_cycle() => _sources.Where(project => Reached(project.Name).Contains(project.Name)).Should().BeEmpty();

    [Fact]
    public void Every_project_but_protocol_points_towards_protocol() =>
        _sources.Where(project => project.Name != "CleanRoom.Protocol" && !Reached(project.Name).Contains("CleanRoom.Protocol")).Should().BeEmpty();

    [Fact]
    public void Ring_b_reaches_only_ring_b()
    {
        foreach (var name in _ringB)
        {
            Reached(name).Should().BeSubsetOf(_ringB, name);
        }
    }

    [Fact]
    public void The_portal_reaches_only_ring_b() => Reached(Portal).Should().BeSubsetOf(_ringB);

    [Fact]
    public void The_program_carries_the_portal_and_links_nothing_of_it()
    {
        var path = _sources.Single(project => project.Name == "CleanRoom.Cli").Path;
        var reference = XDocument.Parse(Repository.Read(path)).Descendants("ProjectReference")
            .Single(one => one.Attribute("Include")!.Value.Contains(Portal, StringComparison.Ordinal));

        reference.Attribute("ReferenceOutputAssembly")?.Value.Should().Be("false");
    }

    [Fact]
    public void Ring_b_is_compiled_for_the_browser() =>
        _sources.Where(project => project.Property("CleanRoomBrowser") == "true").Select(project => project.Name).Should().BeEquivalentTo(_ringB);

    [Fact]
    public void Engine_holds_no_key_code() => Reached("CleanRoom.Engine").Should().BeEquivalentTo("CleanRoom.Protocol", "CleanRoom.Privacy", "CleanRoom.Policy");

    [Fact]
    public void Simulated_tee_is_referenced_only_by_the_programs_and_only_under_its_switch()
    {
        string[] programs = ["CleanRoom.Cli", Portal];
        _sources.Where(project => project.References.Contains(Insecure)).Select(project => project.Name).Should().BeEquivalentTo(programs);

        foreach (var path in _sources.Where(project => programs.Contains(project.Name)).Select(project => project.Path))
        {
            var reference = XDocument.Parse(Repository.Read(path)).Descendants("ProjectReference")
                .Single(one => one.Attribute("Include")!.Value.Contains(Insecure, StringComparison.Ordinal));
            reference.Parent!.Attribute("Condition")?.Value.Should().Be("'$(CleanRoomInsecure)' == 'true'");
        }
    }

    [Fact]
    public void Insecure_switch_is_never_an_environment_variable() =>
        Repository.Files("src", ".cs")
            .Where(path => Repository.Read(path).Contains("GetEnvironmentVariable(\"CleanRoomInsecure\"", StringComparison.OrdinalIgnoreCase))
            .Should().BeEmpty();

    [Fact]
    public void Package_versions_stand_in_one_file() =>
        _sources.Concat(_tests).Where(project => Repository.Read(project.Path).Contains(" Version=", StringComparison.Ordinal)).Should().BeEmpty();

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("CleanRoom.sln").Replace('\\', '/');

        _sources.Concat(_tests).Where(project => !solution.Contains(project.Path, StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void There_are_at_most_eleven_test_projects() =>
        _tests.Count(project => project.Name.EndsWith(".Tests", StringComparison.Ordinal)).Should().BeInRange(1, 11);

    private static HashSet<string> Reached(string name)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([name]);
        while (open.TryDequeue(out var next))
        {
            foreach (var other in _sources.Where(project => project.Name == next).SelectMany(project => project.References).Where(reached.Add))
            {
                open.Enqueue(other);
            }
        }

        return reached;
    }

    private sealed record Allowed(string[] References, string[] Packages);
}
