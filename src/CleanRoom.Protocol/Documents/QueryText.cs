using System.Collections.Immutable;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Documents;

/// <summary>The text that a verdict is about.</summary>
public static class QueryText
{
    /// <summary>Returns SHA-256(label <c>cleanroom/v1/query-text</c> || 0x00 || JCS{parameters, sql}).</summary>
    public static Digest DigestOf(string sql, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var text = new JsonObject(
            new JsonMember("sql", sql),
            new JsonMember("parameters", new JsonObject(parameters.Select(p => new JsonMember(p.Key, p.Value)).ToImmutableArray())));
        return Digest.Labelled("cleanroom/v1/query-text", Jcs.Write(text));
    }

    /// <summary>Returns the digest for a query: its own SQL, or its template's.</summary>
    /// <exception cref="InvalidOperationException">The query names a template that the contract does not have.</exception>
    public static Digest DigestOf(Contract contract, Query query) => DigestOf(SqlOf(contract, query), query.Parameters);

    private static string SqlOf(Contract contract, Query query) => query.Sql
        ?? contract.Templates.FirstOrDefault(t => DocumentCodec.DigestOf(t) == query.TemplateDigest)?.Sql
        ?? throw new InvalidOperationException("the fold admits only templates of the contract");
}
