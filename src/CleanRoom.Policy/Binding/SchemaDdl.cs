using System.Globalization;
using System.Text;
using CleanRoom.Policy.Generation;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Binding;

/// <summary>Writes the empty tables that analysts' SQL is bound against: names and types of the contract, no row, no statistic.</summary>
public static class SchemaDdl
{
    /// <summary>Returns CREATE SCHEMA and CREATE TABLE for every dataset, in the contract's order.</summary>
    /// <remarks>
    /// A digest is text here so that ordinary comparisons bind; in storage it is 32 bytes, and joins are equal either way.
    /// Spec: contracts/spec/0008 s.3.
    /// </remarks>
    public static string For(Contract contract)
    {
        var ddl = new StringBuilder();
        foreach (var owner in contract.Datasets.Select(dataset => dataset.Owner).Distinct(StringComparer.Ordinal))
        {
            ddl.Append(CultureInfo.InvariantCulture, $"CREATE SCHEMA {SqlName.Identifier(owner)};\n");
        }

        foreach (var dataset in contract.Datasets)
        {
            var columns = dataset.Schema
                .Where(column => dataset.Policy.Columns.ContainsKey(column.Name))
                .Select(column => $"{SqlName.Identifier(column.Name)} {TypeOf(dataset.Policy.Columns[column.Name])}");
            ddl.Append(
                CultureInfo.InvariantCulture,
                $"CREATE TABLE {SqlName.Identifier(dataset.Owner)}.{SqlName.Identifier(dataset.Name)} ({string.Join(", ", columns)});\n");
        }

        return ddl.ToString();
    }

    private static string TypeOf(ColumnPolicy column) => column.Type switch
    {
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Int32 => "INTEGER",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL(18,{column.Scale ?? 0})"),
        ColumnType.String => "VARCHAR",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Uuid => "UUID",
        ColumnType.Sha256 => "VARCHAR",
        _ => throw new ArgumentOutOfRangeException(nameof(column), "wanted a type of the contract format"),
    };
}
