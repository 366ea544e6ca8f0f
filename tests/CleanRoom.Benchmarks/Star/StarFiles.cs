using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Rooms;

namespace CleanRoom.Benchmarks.Star;

/// <summary>Eight tables in the manner of TPC-H, each of an owner of its own, made by a seeded generator.</summary>
/// <remarks>
/// Protected are orders: <c>orderkey</c> is the unit of orders and line items, and all else is reference data. What a query of TPC-H computes from several columns of a row is a column here, since a
/// question may not: <c>discprice</c>, <c>charge</c>, <c>saved</c>, and the flags <c>late</c>, <c>early</c>, <c>promo</c>, <c>polished</c>, <c>complaints</c>.
/// Kinds of part, brands and containers are fewer than in TPC-H, so that groups have orders enough.
/// </remarks>
/// <param name="Orders">1,500,000 at scale 1.</param>
internal sealed record StarFiles(long Orders) : IRoomFiles
{
    private const int OrdersOfCustomer = 10;
    private const long OrdersOfScale = 1_500_000;
    private const long PartsOfScale = 200_000;
    private const long SuppliersOfScale = 10_000;

    /// <inheritdoc/>
    public string Asker => "region";

    /// <inheritdoc/>
    public ImmutableArray<string> Receivers => [.. Tables().Select(table => table.Dataset.Owner)];

    private long Customers => Orders / OrdersOfCustomer;

    private long Parts => PartsOfScale * Orders / OrdersOfScale;

    private long Suppliers => SuppliersOfScale * Orders / OrdersOfScale;

    /// <inheritdoc/>
    public void Write(PlainEngine engine, string folder)
    {
        File.WriteAllText(Path.Combine(folder, "contract.json"), Contract().ToJsonString());
        foreach (var (dataset, sql) in Tables())
        {
            var path = Path.Combine(folder, dataset.Owner);
            engine.Execute($"COPY ({sql}) TO '{path}.parquet' (FORMAT parquet, COMPRESSION zstd)");
            engine.Execute($"COPY (FROM read_parquet('{path}.parquet')) TO '{path}.csv' (FORMAT csv, HEADER)");
        }
    }

    /// <inheritdoc/>
    public string OfRoom(string sql) => Receivers.Aggregate(sql, (text, owner) => text.Replace($"{{{owner}}}", $"{owner}.data", StringComparison.Ordinal));

    /// <inheritdoc/>
    public string OfPlain(string sql, string folder) => Receivers.Aggregate(
        sql, (text, owner) => text.Replace($"{{{owner}}}", $"read_parquet('{Path.Combine(folder, owner + ".parquet")}')", StringComparison.Ordinal));

    private JsonObject Contract() => RoomContract.Of("Eight tables of a generator", [.. Tables().Select(table => table.Dataset)]);

    private IEnumerable<(RoomDataset Dataset, string Sql)> Tables()
    {
        var names = "['AMERICA', 'AFRICA', 'ASIA', 'EUROPE', 'MIDDLE EAST']";
        yield return (
            Reference("region", Key("regionkey"), Word("name")),
            $"SELECT i AS regionkey, ({names})[i + 1] AS name FROM range(5) AS r(i)");
        yield return (
            Reference("nation", Key("nationkey"), Other("regionkey"), Word("name")),
            "SELECT i AS nationkey, i % 5 AS regionkey, CASE i WHEN 0 THEN 'BRAZIL' WHEN 3 THEN 'FRANCE' WHEN 8 THEN 'GERMANY' ELSE 'NATION ' || i END AS name FROM range(25) AS r(i)");
        yield return (
            Reference("supplier", Key("suppkey"), Other("nationkey"), Flag("complaints")),
            Text($"SELECT i AS suppkey, (hash(i, 11) % 25)::BIGINT AS nationkey, hash(i, 12) % 200 = 0 AS complaints FROM range({Suppliers}) AS r(i)"));
        yield return (
            Reference("customer", Key("custkey"), Other("nationkey"), Word("segment")),
            Text($"SELECT i AS custkey, (hash(i, 21) % 25)::BIGINT AS nationkey, 'segment ' || (hash(i, 22) % 5) AS segment FROM range({Customers}) AS r(i)"));
        yield return (
            Reference("part", Key("partkey"), Word("brand"), Word("type"), new("size", "int32", "group", "filter"), Word("container"), Flag("promo"), Flag("polished")),
            Text($"""
                SELECT i AS partkey, 'Brand#' || (11 + hash(i, 31) % 10) AS brand, k || ' ' || m AS type, (1 + hash(i, 34) % 50)::INTEGER AS size,
                    'container ' || (hash(i, 35) % 20) AS container, k = 'PROMO' AS promo, k = 'MEDIUM' AND m = 'POLISHED' AS polished
                FROM (SELECT i, (['PROMO', 'MEDIUM', 'ECONOMY', 'SMALL', 'LARGE'])[(1 + hash(i, 32) % 5)::BIGINT] AS k, (['POLISHED', 'ANODIZED', 'PLATED', 'BRUSHED', 'BURNISHED'])[(1 + hash(i, 33) % 5)::BIGINT] AS m FROM range({Parts}) AS r(i))
                """));
        yield return (
            Reference("partsupp", Other("partkey"), new RoomColumn("suppkey", "int64", "join", "count-distinct"), new RoomColumn("cost", "decimal", "sum") { Largest = 1000, Scale = 2 }),
            Text($"SELECT i AS partkey, ((i + j * ({Suppliers} // 4 + i // {Suppliers})) % {Suppliers})::BIGINT AS suppkey, ((hash(i, j, 41) % 100000)::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2) AS cost FROM range({Parts}) AS p(i), range(4) AS s(j)"));
        yield return (
            new RoomDataset("orders", "data", Unit(isUnique: true), Other("custkey"), Day("orderdate"), Word("priority")) { Unit = "orderkey", Domain = "order-v1" },
            Text($"SELECT i AS orderkey, (hash(i, 51) % {Customers})::BIGINT AS custkey, {OrderDate} AS orderdate, (1 + hash(i, 53) % 5) || '-PRIORITY' AS priority FROM range({Orders}) AS r(i)"));
        yield return (
            new RoomDataset(
                "lineitem",
                "data",
                Unit(isUnique: false),
                Other("partkey"),
                Other("suppkey"),
                Money("quantity", 50, "sum", "filter"),
                Money("price", 100_000, "sum"),
                Money("discount", 1, "filter"),
                Money("discprice", 100_000, "sum"),
                Money("charge", 110_000, "sum"),
                Money("saved", 10_000, "sum"),
                Word("returnflag"),
                Word("linestatus"),
                Day("shipdate"),
                Day("receiptdate"),
                Flag("late"),
                Flag("early"),
                Word("instruct"),
                Word("mode"))
            {
                Unit = "orderkey", Domain = "order-v1", MaxRowsPerUnit = 7,
            },
            LineSql());
    }

    private string LineSql() => Text($"""
        SELECT i AS orderkey, (hash(i, j, 61) % {Parts})::BIGINT AS partkey, (hash(i, j, 62) % {Suppliers})::BIGINT AS suppkey, quantity, price, discount,
            (price * (1 - discount))::DECIMAL(18, 2) AS discprice, (price * (1 - discount) * (1 + tax))::DECIMAL(18, 2) AS charge, (price * discount)::DECIMAL(18, 2) AS saved,
            CASE WHEN receiptdate > DATE '1995-06-17' THEN 'N' WHEN hash(i, j, 63) % 2 = 0 THEN 'R' ELSE 'A' END AS returnflag,
            CASE WHEN shipdate > DATE '1995-06-17' THEN 'O' ELSE 'F' END AS linestatus, shipdate, receiptdate, commitdate < receiptdate AS late, shipdate < commitdate AS early,
            (['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'])[(1 + hash(i, j, 64) % 4)::BIGINT] AS instruct,
            (['AIR', 'REG AIR', 'MAIL', 'SHIP', 'RAIL', 'TRUCK', 'FOB'])[(1 + hash(i, j, 65) % 7)::BIGINT] AS mode
        FROM (
            SELECT *, shipdate + (1 + hash(i, j, 67) % 30)::INTEGER AS receiptdate, (quantity * (900 + hash(i, j, 68) % 1100))::DECIMAL(18, 2) AS price,
                ((hash(i, j, 69) % 11)::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2) AS discount, ((hash(i, j, 70) % 9)::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2) AS tax
            FROM (
                SELECT i, j, (1 + hash(i, j, 71) % 50)::DECIMAL(18, 2) AS quantity, {OrderDate} + (1 + hash(i, j, 72) % 121)::INTEGER AS shipdate, {OrderDate} + (30 + hash(i, j, 73) % 61)::INTEGER AS commitdate
                FROM range({Orders}) AS o(i), range(7) AS l(j) WHERE j <= hash(i, 74) % 7))
        """);

    private static string OrderDate => "DATE '1992-01-01' + (hash(i, 52) % 2405)::INTEGER";

    private static string Text(FormattableString sql) => sql.ToString(CultureInfo.InvariantCulture);

    private static RoomDataset Reference(string owner, params RoomColumn[] columns) => new(owner, "data", columns) { Unit = null };

    private static RoomColumn Unit(bool isUnique) => new("orderkey", "int64", "join", "count-distinct") { IsUnique = isUnique };

    private static RoomColumn Key(string name) => new(name, "int64", "join") { IsUnique = true };

    private static RoomColumn Other(string name) => new(name, "int64", "join");

    private static RoomColumn Word(string name) => new(name, "string", "group", "filter");

    private static RoomColumn Flag(string name) => new(name, "boolean", "group", "filter");

    private static RoomColumn Day(string name) => new(name, "date", "group", "filter");

    private static RoomColumn Money(string name, long largest, params string[] uses) => new(name, "decimal", uses) { Largest = largest, Scale = 2 };
}
