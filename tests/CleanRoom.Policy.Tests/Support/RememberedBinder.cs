using System.Collections.Concurrent;
using CleanRoom.Policy.Binding;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>Asks another binder once for each text and schema: what owners allow does not change what a text means.</summary>
internal sealed class RememberedBinder(ISqlBinder inner) : ISqlBinder
{
    private readonly ConcurrentDictionary<string, Task<string>> _trees = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Ddl, string Sql), Task<string>> _plans = new();

    public Task<string> ParseAsync(string sql, CancellationToken cancellationToken) =>
        _trees.GetOrAdd(sql, text => inner.ParseAsync(text, cancellationToken));

    public Task<string> BindAsync(string schemaDdl, string sql, CancellationToken cancellationToken) =>
        _plans.GetOrAdd((schemaDdl, sql), key => inner.BindAsync(key.Ddl, key.Sql, cancellationToken));
}
