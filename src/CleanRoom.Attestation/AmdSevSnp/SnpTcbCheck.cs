using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>Checks that a report's own versions fit together. Spec: AMD 56860 s.3.3: reported is at most committed, committed at most current.</summary>
internal static class SnpTcbCheck
{
    /// <summary>Returns the failures: <c>tcb-order</c>, and <c>tcb-reserved</c> for a version of what the product does not have.</summary>
    public static IEnumerable<FailedCheck> Failures(SnpReport report, SnpProduct product)
    {
        if (!report.ReportedTcb.IsAtMost(report.CommittedTcb, product))
        {
            yield return Order("reported", report.ReportedTcb, "committed", report.CommittedTcb, product);
        }

        if (!report.CommittedTcb.IsAtMost(report.CurrentTcb, product))
        {
            yield return Order("committed", report.CommittedTcb, "current", report.CurrentTcb, product);
        }

        if (new[] { report.ReportedTcb, report.CommittedTcb, report.CurrentTcb, report.LaunchTcb }.Any(tcb => tcb.HasReserved(product)))
        {
            yield return new FailedCheck(RefusalCode.EvidenceInvalid, "tcb-reserved", $"zeros where {product.Name} has no component", "others");
        }
    }

    private static FailedCheck Order(string lower, SnpTcb low, string higher, SnpTcb high, SnpProduct product) => new(
        RefusalCode.EvidenceInvalid, "tcb-order", $"{lower} at most {higher}, {Words(high, product)}", Words(low, product));

    private static string Words(SnpTcb tcb, SnpProduct product) =>
        string.Join(" ", product.Components.Select(component => $"{component.Name} {tcb[component]}"));
}
