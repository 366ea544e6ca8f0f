using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>Where a ledger row stands; a stored row opens nowhere else.</summary>
/// <param name="Collaboration">The collaboration's id.</param>
/// <param name="Sequence">From 0.</param>
/// <param name="PreviousLeaf">The leaf hash of the row before; null for row 0.</param>
public sealed record RowPosition(string Collaboration, long Sequence, Digest? PreviousLeaf)
{
    /// <summary>Returns JCS{collaboration, previousLeaf, sequence}.</summary>
    public byte[] AssociatedData() => Jcs.Write(new JsonObject(
        new JsonMember("collaboration", Collaboration),
        new JsonMember("previousLeaf", PreviousLeaf is { } leaf ? leaf : JsonNull.Instance),
        new JsonMember("sequence", Sequence)));
}
