using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Star;

/// <summary>Those of the 22 queries of TPC-H that the policy language can express, over eight tables of eight owners. Which are not, and why, is in the results' README.</summary>
internal static class StarMeasures
{
    private const string Of = "star/";
    private const string Mean = "star/geometric mean";
    private const double Goal = 1.06;
    private const long Scale1 = 1_500_000;
    private const long Tenth = 150_000;

    private static readonly (string Name, string Sql, bool IsSmall)[] s_queries =
    [
        ("q01", "SELECT l.returnflag, l.linestatus, sum(l.quantity) AS quantity, sum(l.price) AS price, sum(l.discprice) AS discprice, sum(l.charge) AS charge, count(*) AS n{again} "
            + "FROM {lineitem} l WHERE l.shipdate <= DATE '1998-09-02' GROUP BY l.returnflag, l.linestatus ORDER BY l.returnflag, l.linestatus", false),
        ("q04", "SELECT o.priority, count(DISTINCT o.orderkey) AS orders{again} FROM {orders} o JOIN {lineitem} l ON l.orderkey = o.orderkey "
            + "WHERE o.orderdate >= DATE '1993-07-01' AND o.orderdate < DATE '1993-10-01' AND l.late GROUP BY o.priority ORDER BY o.priority", false),
        ("q05", "SELECT n.name, sum(l.discprice) AS revenue{again} FROM {customer} c JOIN {orders} o ON c.custkey = o.custkey JOIN {lineitem} l ON l.orderkey = o.orderkey "
            + "JOIN {supplier} s ON l.suppkey = s.suppkey AND c.nationkey = s.nationkey JOIN {nation} n ON s.nationkey = n.nationkey JOIN {region} r ON n.regionkey = r.regionkey "
            + "WHERE r.name = 'ASIA' AND o.orderdate >= DATE '1994-01-01' AND o.orderdate < DATE '1995-01-01' GROUP BY n.name ORDER BY n.name", false),
        ("q06", "SELECT sum(l.saved) AS revenue{again} FROM {lineitem} l "
            + "WHERE l.shipdate >= DATE '1994-01-01' AND l.shipdate < DATE '1995-01-01' AND l.discount BETWEEN 0.05 AND 0.07 AND l.quantity < 24", false),
        ("q07", "SELECT n1.name AS supplier, n2.name AS customer, year(l.shipdate) AS y, sum(l.discprice) AS revenue{again} FROM {supplier} s JOIN {lineitem} l ON s.suppkey = l.suppkey "
            + "JOIN {orders} o ON o.orderkey = l.orderkey JOIN {customer} c ON c.custkey = o.custkey JOIN {nation} n1 ON s.nationkey = n1.nationkey JOIN {nation} n2 ON c.nationkey = n2.nationkey "
            + "WHERE ((n1.name = 'FRANCE' AND n2.name = 'GERMANY') OR (n1.name = 'GERMANY' AND n2.name = 'FRANCE')) AND l.shipdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31' "
            + "GROUP BY n1.name, n2.name, year(l.shipdate) ORDER BY n1.name, n2.name, year(l.shipdate)", false),
        ("q08", "SELECT year(o.orderdate) AS y, n2.name, sum(l.discprice) AS volume{again} FROM {part} p JOIN {lineitem} l ON p.partkey = l.partkey JOIN {supplier} s ON s.suppkey = l.suppkey "
            + "JOIN {orders} o ON l.orderkey = o.orderkey JOIN {customer} c ON o.custkey = c.custkey JOIN {nation} n1 ON c.nationkey = n1.nationkey JOIN {region} r ON n1.regionkey = r.regionkey "
            + "JOIN {nation} n2 ON s.nationkey = n2.nationkey WHERE r.name = 'AMERICA' AND o.orderdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31' AND p.type = 'ECONOMY ANODIZED' "
            + "GROUP BY year(o.orderdate), n2.name ORDER BY year(o.orderdate), n2.name", true),
        ("q12", "SELECT l.mode, o.priority, count(*) AS n{again} FROM {orders} o JOIN {lineitem} l ON o.orderkey = l.orderkey WHERE l.mode IN ('MAIL', 'SHIP') AND l.late AND l.early "
            + "AND l.receiptdate >= DATE '1994-01-01' AND l.receiptdate < DATE '1995-01-01' GROUP BY l.mode, o.priority ORDER BY l.mode, o.priority", false),
        ("q14", "SELECT p.promo, sum(l.discprice) AS revenue{again} FROM {lineitem} l JOIN {part} p ON l.partkey = p.partkey "
            + "WHERE l.shipdate >= DATE '1995-09-01' AND l.shipdate < DATE '1995-10-01' GROUP BY p.promo ORDER BY p.promo", false),
        ("q16", "SELECT p.brand, p.type, p.size, count(DISTINCT ps.suppkey) AS suppliers{again} FROM {partsupp} ps JOIN {part} p ON p.partkey = ps.partkey JOIN {supplier} s ON s.suppkey = ps.suppkey "
            + "WHERE p.brand <> 'Brand#15' AND NOT p.polished AND p.size IN (49, 14, 23, 45, 19, 3, 36, 9) AND NOT s.complaints GROUP BY p.brand, p.type, p.size ORDER BY p.brand, p.type, p.size", false),
        ("q19", "SELECT sum(l.discprice) AS revenue{again} FROM {lineitem} l JOIN {part} p ON p.partkey = l.partkey WHERE l.mode IN ('AIR', 'REG AIR') AND l.instruct = 'DELIVER IN PERSON' AND ("
            + "(p.brand = 'Brand#12' AND p.container IN ('container 1', 'container 2', 'container 3', 'container 4') AND l.quantity BETWEEN 1 AND 11 AND p.size BETWEEN 1 AND 5) OR "
            + "(p.brand = 'Brand#13' AND p.container IN ('container 5', 'container 6', 'container 7', 'container 8') AND l.quantity BETWEEN 10 AND 20 AND p.size BETWEEN 1 AND 10) OR "
            + "(p.brand = 'Brand#14' AND p.container IN ('container 9', 'container 10', 'container 11', 'container 12') AND l.quantity BETWEEN 20 AND 30 AND p.size BETWEEN 1 AND 15))", true),
    ];

    /// <summary>Gets the measures, and the geometric mean when all of them are taken.</summary>
    public static RatioSuite Suite { get; } = new("star", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        // Of a tenth of the rows too few orders are left in some groups, which are then withheld.
        var possible = s_queries.Where(query => choice.IsFull || !query.IsSmall).ToList();
        var wanted = possible.Where(query => choice.Wants(Of + query.Name) || choice.Only == Mean).ToList();
        if (wanted.Count == 0)
        {
            yield break;
        }

        using var plain = new PlainEngine();
        var settings = RoomSettings.Of(isKept: false);
        settings["ingest"] = new JsonObject { ["partitionBytes"] = 2L << 30 };
        using var room = await BenchmarkRoom.SupplyAsync(new StarFiles(choice.IsFull ? Scale1 : Tenth), plain, settings);
        List<Ratio> taken = [];
        foreach (var (name, sql, _) in wanted)
        {
            taken.Add(await Ratio.TakeAsync(new RoomQuestion(Of + name, sql, Goal: null).Beside(room, plain), choice));
            yield return taken[^1];
        }

        if (wanted.Count == possible.Count)
        {
            yield return MeanOf(taken);
        }
    }

    /// <summary>One round each, so that the ratio is the geometric mean of the ratios.</summary>
    private static Ratio MeanOf(List<Ratio> taken) => taken[0] with
    {
        Name = Mean,
        Goal = Goal,
        Ours = [Math.Exp(taken.Average(one => Math.Log(one.OursMs)))],
        Baseline = [Math.Exp(taken.Average(one => Math.Log(one.BaselineMs)))],
        Note = FormattableString.Invariant($"of {taken.Count} queries"),
        At = DateTimeOffset.UtcNow,
    };
}
