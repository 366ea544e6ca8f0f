using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Grains.Messages;

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

    /// <summary>Returns the key of the same columns where only row groups within bounds are in clear.</summary>
    public ColumnKey Within(ImmutableArray<PartitionBounds> bounds) => this with
    {
        // A name holds no NUL: no two keys look alike.
        Columns = string.Create(CultureInfo.InvariantCulture, $"{Columns}\0\0{string.Join('\0', bounds.Select(bound => string.Create(CultureInfo.InvariantCulture, $"{bound.Column}\0{bound.Least}\0{bound.Greatest}")))}"),
    };
}
