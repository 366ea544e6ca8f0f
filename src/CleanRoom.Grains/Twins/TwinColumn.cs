using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Twins;

/// <summary>Made-up values of one column: from its type, declared values and bounds alone.</summary>
/// <param name="name">The column.</param>
/// <param name="policy">What the contract says of it.</param>
internal sealed class TwinColumn(string name, ColumnPolicy policy)
{
    /// <summary>The number of different values where the contract declares none.</summary>
    private const int UndeclaredValues = 12;

    private static readonly DateOnly _firstDay = new(2024, 1, 1);

    /// <summary>Returns how many different values there are; as many as one likes where nothing is declared.</summary>
    public long Values => policy switch
    {
        { Domain.Values: { } values } => values.Length,
        { Type: ColumnType.Boolean } => 2,
        { Type: ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal } when Bounds is ({ } min, { } max) => Steps(min, max),
        _ => int.MaxValue,
    };

    /// <summary>Returns how many values a column that identifies nobody takes.</summary>
    public long Common => policy is { Domain: null, Clamp: null } ? Math.Min(Values, UndeclaredValues) : Values;

    /// <summary>Returns a value as it stands in a file: another for another number, as long as there are that many.</summary>
    /// <param name="number">From 0.</param>
    public string At(long number)
    {
        var n = number % Values;
        return policy switch
        {
            { Domain.Values: { } values } => values[(int)n],
            { Type: ColumnType.Boolean } => n == 0 ? "false" : "true",
            { Type: ColumnType.Int32 or ColumnType.Int64 } => Number(n, scale: 0),
            { Type: ColumnType.Decimal } => Number(n, policy.Scale ?? 0),
            { Type: ColumnType.Date } => Day(n).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            { Type: ColumnType.Timestamp } => Day(n).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T12:00:00Z",
            { Type: ColumnType.Uuid } => new Guid(Hash(n).AsSpan(0, 16), bigEndian: true).ToString("D", CultureInfo.InvariantCulture),
            { Type: ColumnType.Sha256 } => Convert.ToHexStringLower(Hash(n)),
            { Normalise: { } profile } when profile.StartsWith("email.", StringComparison.Ordinal) => $"person{n + 1}@twin.example",
            { Normalise: not null } => $"+4930{1_000_000 + n}",
            _ => $"{name}-{n + 1}",
        };
    }

    private (decimal? Min, decimal? Max) Bounds => (policy.Domain?.Min ?? policy.Clamp?.Min, policy.Domain?.Max ?? policy.Clamp?.Max);

    private decimal Step => policy.Domain?.Step ?? 1;

    private long Steps(decimal min, decimal max) => (long)Math.Clamp(Math.Floor((max - min) / Step) + 1, 1, int.MaxValue);

    /// <summary>Numbers begin at the least that is declared, else at 1: 0 stands for nobody in a column of people.</summary>
    private string Number(long n, int scale)
    {
        var first = Bounds.Min ?? (Bounds.Max is { } max ? max - int.MaxValue : 1);
        return decimal.Round(first + (n * Step), scale, MidpointRounding.ToEven).ToString($"F{scale}", CultureInfo.InvariantCulture);
    }

    private static DateOnly Day(long n) => _firstDay.AddDays((int)(n % 3_650));

    private byte[] Hash(long n) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cleanroom twin {policy.Type} {n}")));
}
