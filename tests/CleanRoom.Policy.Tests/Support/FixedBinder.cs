using CleanRoom.Policy.Binding;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>A binder that answers what it was told, whatever it is asked: the engine process as an attacker would have it.</summary>
internal sealed class FixedBinder(string tree, string plan) : ISqlBinder
{
    public Task<string> ParseAsync(string sql, CancellationToken cancellationToken) => Task.FromResult(tree);

    public Task<string> BindAsync(string schemaDdl, string sql, CancellationToken cancellationToken) => Task.FromResult(plan);
}
