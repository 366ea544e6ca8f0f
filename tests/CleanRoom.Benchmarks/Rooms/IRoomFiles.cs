using System.Collections.Immutable;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>Files that a room is supplied with: a contract, one file for each owner, and the same rows as plain Parquet for the baseline.</summary>
internal interface IRoomFiles
{
    /// <summary>Gets the collaborator that asks.</summary>
    string Asker { get; }

    /// <summary>Gets who receives the answers. With others than the asker among them, the asker's own people are protected too.</summary>
    ImmutableArray<string> Receivers { get; }

    /// <summary>Writes <c>contract.json</c>, for each owner <c>OWNER.csv</c>, and for each <c>OWNER.parquet</c>.</summary>
    /// <param name="engine">Writes them.</param>
    /// <param name="folder">An empty folder.</param>
    void Write(PlainEngine engine, string folder);

    /// <summary>Returns a question in which the datasets are named as the room names them.</summary>
    string OfRoom(string sql);

    /// <summary>Returns the same question over the plain files.</summary>
    string OfPlain(string sql, string folder);
}
