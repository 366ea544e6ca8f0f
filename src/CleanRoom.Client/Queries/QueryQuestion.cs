using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Queries;

/// <summary>What an analyst asks: SQL, or a template of the contract with its parameters.</summary>
public sealed record QueryQuestion
{
    private QueryQuestion(string? sql, Digest? templateDigest, ImmutableSortedDictionary<string, string> parameters, ImmutableArray<string> receivers) =>
        (Sql, TemplateDigest, Parameters, Receivers) = (sql, templateDigest, parameters, receivers);

    /// <summary>Gets the SQL text; null when a template is used.</summary>
    public string? Sql { get; }

    /// <summary>Gets the template; null when SQL is given.</summary>
    public Digest? TemplateDigest { get; }

    /// <summary>Gets parameter name to value text.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; }

    /// <summary>Gets the collaborators that receive the answer.</summary>
    public ImmutableArray<string> Receivers { get; }

    /// <summary>Asks in SQL.</summary>
    public static QueryQuestion OfSql(string sql, ImmutableArray<string> receivers)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return new(sql, null, ImmutableSortedDictionary<string, string>.Empty, receivers);
    }

    /// <summary>Asks by a template.</summary>
    public static QueryQuestion OfTemplate(Digest template, ImmutableSortedDictionary<string, string> parameters, ImmutableArray<string> receivers) =>
        new(null, template, parameters, receivers);
}
