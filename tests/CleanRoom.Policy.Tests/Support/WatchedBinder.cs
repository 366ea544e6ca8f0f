using CleanRoom.Policy.Binding;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>A binder that counts what it is asked; without another behind it, it is asked for nothing.</summary>
internal sealed class WatchedBinder(ISqlBinder? behind = null) : ISqlBinder
{
    public int Parsed { get; private set; }

    public int Bound { get; private set; }

    public Task<string> ParseAsync(string sql, CancellationToken cancellationToken)
    {
        Parsed++;
        return behind?.ParseAsync(sql, cancellationToken) ?? throw new InvalidOperationException("wanted no parsing, got a text");
    }

    public Task<string> BindAsync(string schemaDdl, string sql, CancellationToken cancellationToken)
    {
        Bound++;
        return behind?.BindAsync(schemaDdl, sql, cancellationToken) ?? throw new InvalidOperationException("wanted no binding, got a text");
    }
}
