using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Privacy.History;

/// <summary>What one history state is about. Answers to one group of receivers, from one snapshot, about units of one domain are audited together.</summary>
/// <remarks>Spec: contracts/spec/0015 s.1.</remarks>
public sealed class HistoryScope
{
    private const string Label = "cleanroom/v1/history-scope";

    /// <summary>Names a scope.</summary>
    /// <param name="collaboration">The collaboration's id.</param>
    /// <param name="unitDomain">The domain of the units, such as <c>person-v1</c>.</param>
    /// <param name="snapshot">A digest of the dataset versions that the numbering of the units was made from.</param>
    /// <param name="receivers">Ids of the collaborators who receive, at least one, in any order.</param>
    /// <exception cref="ArgumentException">There is no receiver, or one is named twice.</exception>
    public HistoryScope(string collaboration, string unitDomain, Digest snapshot, IEnumerable<string> receivers)
    {
        ArgumentException.ThrowIfNullOrEmpty(collaboration);
        ArgumentException.ThrowIfNullOrEmpty(unitDomain);
        ImmutableArray<string> sorted = [.. receivers.Order(StringComparer.Ordinal)];
        if (sorted.IsEmpty || sorted.Distinct(StringComparer.Ordinal).Count() != sorted.Length)
        {
            throw new ArgumentException($"wanted different receivers, at least one; got {sorted.Length}", nameof(receivers));
        }

        Digest = Digest.Labelled(Label, Jcs.Write(new JsonObject(
            new JsonMember("collaboration", collaboration),
            new JsonMember("receivers", new JsonArray([.. sorted.Select(receiver => (JsonValue)receiver)])),
            new JsonMember("snapshot", snapshot.ToString()),
            new JsonMember("unitDomain", unitDomain))));
    }

    /// <summary>Gets SHA-256("cleanroom/v1/history-scope" || 0x00 || JCS{collaboration, receivers, snapshot, unitDomain}).</summary>
    public Digest Digest { get; }
}
