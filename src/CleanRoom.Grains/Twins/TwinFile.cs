using System.Globalization;
using System.Text;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Twins;

/// <summary>Makes the file that a dataset might be: everybody's rows are made up from the contract. No data is read.</summary>
internal static class TwinFile
{
    private const int LeastPeople = 400;
    private const int MostPeople = 5_000;
    private const int PeoplePerThreshold = 20;
    private const int MostRowsEach = 3;

    /// <summary>One in so many people is missing in a dataset, and one in twice as many values where it may be.</summary>
    private const int OneIn = 10;

    /// <summary>Returns how many people the twins of a contract have: enough that common groups reach the threshold.</summary>
    public static int People(Contract contract) => Math.Clamp(
        PeoplePerThreshold * contract.Datasets.Select(dataset => dataset.Policy.Threshold.MinUnits).DefaultIfEmpty().Max(), LeastPeople, MostPeople);

    /// <summary>Returns a CSV file of one dataset (contracts/spec/0007 s.3.1): the people of all datasets are the same, so that joins meet.</summary>
    /// <param name="dataset">The dataset of the contract.</param>
    /// <param name="people">The number of people.</param>
    /// <param name="seed">The verdict's digest: the same verdict, the same file.</param>
    public static byte[] Make(Dataset dataset, int people, Digest seed)
    {
        var draws = new TwinDraws(Digest.Labelled("cleanroom/v1/twin", [.. seed.ToArray(), .. Encoding.UTF8.GetBytes(dataset.SqlName)]));
        var columns = dataset.Schema.Select(column => (Schema: column, Values: new TwinColumn(column.Name, dataset.Policy.Columns[column.Name]))).ToList();
        var unit = dataset.Policy.Unit?.Column;
        var mostEach = Math.Min(MostRowsEach, dataset.Policy.Join.MaxRowsPerUnit);
        var isOneEach = unit is not null && dataset.Schema.Any(column => column.Name == unit && column.Unique);
        var rows = columns.Where(column => column.Schema.Unique).Select(column => column.Values.Values).DefaultIfEmpty(long.MaxValue).Min();
        var text = new StringBuilder(string.Join(',', columns.Select(column => Quoted(column.Schema.Name)))).Append('\n');
        long row = 0;
        for (var person = 0; person < people && row < rows; person++)
        {
            if (unit is not null && draws.Below(OneIn) == 0)
            {
                continue;
            }

            var each = unit is null || isOneEach ? 1 : 1 + draws.Below(mostEach);
            for (var i = 0; i < each && row < rows; i++, row++)
            {
                var number = row;
                text.AppendJoin(',', columns.Select(column => Cell(column.Schema, column.Values, column.Schema.Name == unit, person, number, draws))).Append('\n');
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Cell(SchemaColumn schema, TwinColumn values, bool isUnit, int person, long row, TwinDraws draws)
    {
        if (isUnit)
        {
            return Quoted(values.At(person));
        }

        if (schema.Unique)
        {
            return Quoted(values.At(row));
        }

        return schema.Nullable && draws.Below(2 * OneIn) == 0 ? string.Empty : Quoted(values.At(draws.Below(values.Common)));
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
}
