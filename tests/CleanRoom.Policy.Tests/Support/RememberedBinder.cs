using System.Collections.Concurrent;
using CleanRoom.Engine.Binding;
using CleanRoom.Policy.Binding;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>Asks another binder once for each text and schema: what owners allow does not change what a text means.</summary>
/// <remarks>The memory lasts as long as the process, since the mutation runs of <c>tests/mutate</c> ask the same texts a thousand times in one.</remarks>
internal sealed class RememberedBinder(ISqlBinder inner) : ISqlBinder
{
    // Some 10,000 texts are asked in a run; those that are drawn anew each time are not to fill the memory.
    private const int Most = 20_000;

    private static readonly ConcurrentDictionary<(string? Ddl, string Sql), string> _answers = new();

    public Task<string> ParseAsync(string sql, CancellationToken cancellationToken) =>
        RememberAsync((null, sql), () => inner.ParseAsync(sql, cancellationToken));

    public Task<string> BindAsync(string schemaDdl, string sql, CancellationToken cancellationToken) =>
        RememberAsync((schemaDdl, sql), () => inner.BindAsync(schemaDdl, sql, cancellationToken));

    // Only an answer is kept, never that there was none.
    private static async Task<string> RememberAsync((string? Ddl, string Sql) question, Func<Task<string>> ask)
    {
        if (_answers.TryGetValue(question, out var known))
        {
            return known;
        }

        var answer = await ask();
        if (_answers.Count < Most && answer != IsolatedSqlBinder.Stopped)
        {
            _answers[question] = answer;
        }

        return answer;
    }
}
