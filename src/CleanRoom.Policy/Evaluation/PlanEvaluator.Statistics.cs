using System.Collections.Immutable;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Variances, covariances and regressions: of bare columns of one owner, whose sums of products are bounded.</summary>
internal sealed partial class PlanEvaluator
{
    private PlanAggregate? Statistic(BoundExpression.Aggregate call, AggregateFunction function, ImmutableArray<PlanValue> columns)
    {
        var arguments = call.Arguments.Select(argument => ArgumentOf(Unwidened(argument), columns)).ToList();
        if (call.Distinct || arguments.Count != function.Arity() || arguments.Any(raw => raw is null || !IsNumeric(raw.Column.Type)))
        {
            // Of anything but columns it is another function than the one that is accepted.
            findings.Add(RoomRules.AggFn(call.Name));
            findings.Add(RoomRules.AggArg(call.Name));
            return null;
        }

        var measures = arguments.OfType<PlanValue.Raw>().ToList();
        foreach (var measure in measures)
        {
            RequireMeasure(measure, ColumnUse.Avg);
        }

        // Whoever chooses one factor of a product weighs the other: a column with a single one in it reads that person's value.
        if (measures.Any(measure => measure.Dataset.Owner != measures[0].Dataset.Owner))
        {
            foreach (var measure in measures)
            {
                findings.Add(OwnerRules.ForeignFactor(measure.Dataset, measure.Column.Name, call.Name));
            }
        }

        foreach (var measure in measures.Where(_ => !MomentBounds.Hold(function, measures)))
        {
            findings.Add(OwnerRules.UnboundedMoment(measure.Dataset, measure.Column.Name, call.Name));
        }

        return new PlanAggregate(function, measures[0].Column, measures.Count == 2 ? measures[1].Column : null);
    }
}
