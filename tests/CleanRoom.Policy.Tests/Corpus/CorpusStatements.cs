using System.Collections.Immutable;
using System.Text;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Privacy.Bounding;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Corpus;

/// <summary>What runs in the place of each query of the corpus that is allowed, word for word: <c>contracts/vectors/policy/statements.txt</c>.</summary>
public sealed class CorpusStatements(BinderFixture fixture)
{
    private static readonly string _file = RepositoryFiles.Committed("contracts", "vectors", "policy", "statements.txt");

    public static TheoryData<string> Cases => [.. All.Select(one => one.Case.Id)];

    private static IEnumerable<(CorpusCase Case, Contract Contract)> All => CorpusAnswers.All.Where(one => one.Case.Codes is null);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Statement_is_the_committed_one(string id)
    {
        var (one, contract) = All.Single(candidate => candidate.Case.Id == id);
        (await StatementAsync(one, contract)).Should().Be(Committed()[id]);
    }

    [Fact]
    public void Every_committed_statement_is_of_a_case() => Committed().Keys.Should().Equal(All.Select(one => one.Case.Id));

    /// <summary>Writes the file anew. Its changes are read before they are committed.</summary>
    [Fact(Explicit = true)]
    public async Task Rewrite_statements()
    {
        var text = new StringBuilder();
        foreach (var (one, contract) in All)
        {
            text.Append(await StatementAsync(one, contract)).Append('\n');
        }

        await File.WriteAllTextAsync(_file, text.ToString(), TestContext.Current.CancellationToken);
    }

    // Not kept in a field: a test process meets many changes of the code.
    private static Dictionary<string, string> Committed() => File.ReadAllText(_file).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .ToDictionary(statement => statement[..statement.IndexOf('\n', StringComparison.Ordinal)], statement => statement + "\n");

    private async Task<string> StatementAsync(CorpusCase one, Contract contract)
    {
        var generated = SqlGenerator.Generate(await fixture.Binder.PlanAsync(contract, one.Sql), Options(contract));
        return $"{one.Id}\n{string.Join(", ", generated.Columns.Select(Words))}\n{generated.Text}\n";
    }

    private static string Words(GeneratedColumn column) => $"{column.Name}: {column.Kind} {column.Index} {column.Table} {column.Moment} {column.Type.Type} {column.Type.Scale}";

    private static GenerationOptions Options(Contract contract) => new()
    {
        Relations = contract.Datasets.ToImmutableSortedDictionary(dataset => dataset.SqlName, dataset => $"in_{dataset.Name}", StringComparer.Ordinal),
        Salt = [.. Enumerable.Repeat((byte)7, ContributionBounds.SaltLength)],
    };
}
