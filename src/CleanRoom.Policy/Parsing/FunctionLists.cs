using System.Collections.Frozen;
using System.Collections.Immutable;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Parsing;

/// <summary>Function names as they stand in a parse tree. What is on no list is refused.</summary>
internal static class FunctionLists
{
    /// <summary>The aggregates that there are.</summary>
    public static ImmutableArray<string> Aggregates => [.. AggregateFunctions.StatisticNames, "count_star", "count", "sum", "avg"];

    /// <summary>
    /// Operators and functions whose binding reads nothing and runs nothing, so that the bound plan can say where they stand.
    /// Being here allows nothing: the evaluator decides.
    /// </summary>
    public static ImmutableArray<string> Bindable =>
    [
        "+", "-", "*", "/", "//", "%", "||", "~~", "!~~", "~~*", "!~~*", "nullif", "date_trunc", "datetrunc",
        "date_part", "datepart", "year", "quarter", "month", "isodow", "abs", "@", "round", "floor", "ceil", "ceiling", "greatest", "least",
    ];

    /// <summary>Aggregate and window functions of the engine, to tell AGG_FN from FUNCTION. A name that is missing here is refused as FUNCTION.</summary>
    public static FrozenSet<string> EngineAggregates { get; } = (
        "any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_max_nulls_last arg_min "
        + "arg_min_null arg_min_nulls_last argmax argmin array_agg bit_and bit_or bit_xor bitstring_agg bool_and bool_or count_if "
        + "countif cume_dist dense_rank entropy favg fill first first_value fsum group_concat histogram histogram_exact kahan_sum "
        + "kurtosis kurtosis_pop lag last last_value lead list listagg mad max max_by mean median min min_by mode nth_value ntile "
        + "percent_rank product quantile quantile_cont quantile_disc rank rank_dense reservoir_quantile row_number sem skewness "
        + "string_agg sum_no_overflow sumkahan").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
