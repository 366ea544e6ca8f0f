using System.Collections.Immutable;

namespace CleanRoom.Grains.Partitions;

/// <summary>Columns of a derived object. The same columns in another order are the same.</summary>
/// <param name="Collaboration">Whose object.</param>
/// <param name="Name">The object's name in the store.</param>
/// <param name="Columns">The columns' names in order, in one text.</param>
internal readonly record struct ColumnKey(string Collaboration, string Name, string Columns)
{
    /// <summary>Makes a key.</summary>
    public static ColumnKey Of(string collaboration, string name, ImmutableArray<string> columns) =>
        new(collaboration, name, string.Join('\0', columns.Order(StringComparer.Ordinal)));
}
