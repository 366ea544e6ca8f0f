using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Queries.Drawing;

/// <summary>Draws a verdict: what each owner says, and which column reaches which output by which operation.</summary>
/// <remarks>
/// A function of the verdict alone, so that its digest, which approvals name, covers the drawing. One SVG 1.1 file that loads nothing and runs
/// nothing; title and description say in words what is drawn; colours follow the reader's choice of dark or light. Spec: contracts/spec/0008 s.8.
/// </remarks>
public static class VerdictDrawing
{
    private const int Width = 960;
    private const int Margin = 16;
    private const int RowHeight = 26;
    private const int RowGap = 8;
    private const int LineHeight = 20;
    private const int ColumnX = Margin;
    private const int OperationX = 400;
    private const int OutputX = 656;
    private const int WideBox = 288;
    private const int NarrowBox = 144;
    private const int WideColumns = 36;
    private const int NarrowColumns = 17;
    private const int LineColumns = 126;

    private const string Style =
        "svg{background:#fff}text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#1a1a1a;direction:ltr;unicode-bidi:isolate-override}"
        + ".h{font-weight:700}.q{fill:#595959}rect{fill:#f2f2f2;stroke:#595959}.k{fill:#dcebff;stroke:#0b4f9e}.o{fill:#e0f2e0;stroke:#1e6b1e}"
        + "path{fill:none;stroke:#595959;stroke-width:1.5}.w{stroke-dasharray:4 3}"
        + "@media (prefers-color-scheme:dark){svg{background:#161616}text{fill:#f0f0f0}.q{fill:#b8b8b8}rect{fill:#2a2a2a;stroke:#b8b8b8}"
        + ".k{fill:#12304f;stroke:#8ec1ff}.o{fill:#16361a;stroke:#8fd694}path{stroke:#b8b8b8}}";

    /// <summary>Draws a verdict.</summary>
    /// <param name="verdict">The verdict. Trust: the names in it are collaborator-controlled.</param>
    /// <returns>SVG text, always the same for the same verdict; UTF-8 when written to a file, with a line feed at its end.</returns>
    public static string Draw(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        var canvas = new Canvas();
        var y = Margin + LineHeight;
        var heading = $"Verdict on a query of {verdict.Analyst}: {InWords(verdict.Decision)}";
        canvas.Text(Margin, y, "h", heading, LineColumns);
        y += LineHeight;
        var said = Said(verdict);
        foreach (var line in said)
        {
            canvas.Text(Margin, y, "t", line, LineColumns);
            y += LineHeight;
        }

        y = Lineage(canvas, verdict.Lineage, y + RowGap) + RowGap;
        canvas.Text(Margin, y + RowGap, "q", $"verdict {DocumentCodec.DigestOf(verdict)}", LineColumns);
        var height = y + RowGap + Margin;
        var description = string.Join(". ", said.Concat(verdict.Lineage.Select(InWords)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" role="img" aria-labelledby="verdict-title verdict-desc">
            <title id="verdict-title">{DrawnText.Escape(heading)}</title>
            <desc id="verdict-desc">{DrawnText.Escape(description)}</desc>
            <style>{Style}</style>
            {canvas.Body}</svg>

            """).ReplaceLineEndings("\n");
    }

    private static ImmutableArray<string> Said(Verdict verdict) =>
    [
        .. verdict.Owners.Select(owner => owner.Decision switch
        {
            VerdictDecision.Refuse => $"{owner.Party} refuses: {string.Join(", ", owner.Codes.Distinct(StringComparer.Ordinal))}",
            VerdictDecision.NeedsApproval => $"{owner.Party} must approve",
            VerdictDecision.Allow => $"{owner.Party} allows it",
            _ => $"{owner.Party}: unknown",
        }),
        .. verdict.Inputs.Select(input => input switch
        {
            { MinUnits: 0 } => $"reads {input.Dataset}: protects nobody from {verdict.Analyst}",
            { Tier: PolicyTier.Dp } => $"reads {input.Dataset}: noise hides whether any one person of it is there",
            { Tier: PolicyTier.List } => string.Create(
                CultureInfo.InvariantCulture,
                $"reads {input.Dataset}: LISTS rows of its people whom {verdict.Analyst} has too, if there are at least {input.MinUnits}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"reads {input.Dataset}: each released row stands for at least {input.MinUnits} people of it"),
        }),
        .. verdict.Noise.Select(noise => $"{noise.Aggregate} is within {noise.Within} in 19 of 20 answers{(noise.Rows is { } rows ? $", for {rows} rows" : string.Empty)}"),
        .. verdict.Budget.Select(charge => string.Create(
            CultureInfo.InvariantCulture,
            $"charges {charge.Owner} for {charge.Dataset}: {charge.Queries} of its queries{(charge.NanoRho > 0 ? $", {charge.NanoRho} nano-rho" : string.Empty)}")),
    ];

    private static int Lineage(Canvas canvas, ImmutableArray<LineageEdge> lineage, int top)
    {
        if (lineage.IsEmpty)
        {
            return top;
        }

        canvas.Text(ColumnX, top + RowGap, "q", "column", WideColumns);
        canvas.Text(OperationX, top + RowGap, "q", "operation", NarrowColumns);
        canvas.Text(OutputX, top + RowGap, "q", "column of the answer", WideColumns);
        top += LineHeight;
        var columns = Rows(lineage.Select(ColumnOf));
        var operations = Rows(lineage.Select(edge => (edge.Operation, edge.Output)).OrderBy(one => one.Output, StringComparer.Ordinal).ThenBy(one => one.Operation, StringComparer.Ordinal));
        var outputs = Rows(lineage.Select(edge => edge.Output).Order(StringComparer.Ordinal));
        foreach (var edge in lineage)
        {
            canvas.Line(ColumnX + WideBox, Middle(top, columns[ColumnOf(edge)]), OperationX, Middle(top, operations[(edge.Operation, edge.Output)]), LineStyle(edge.Output));
        }

        foreach (var ((operation, output), row) in operations.OrderBy(pair => pair.Value))
        {
            canvas.Line(OperationX + NarrowBox, Middle(top, row), OutputX, Middle(top, outputs[output]), LineStyle(output));
            canvas.Box(OperationX, Top(top, row), NarrowBox, RowHeight, "p", operation, NarrowColumns);
        }

        foreach (var (column, row) in columns.OrderBy(pair => pair.Value))
        {
            canvas.Box(ColumnX, Top(top, row), WideBox, RowHeight, "k", column, WideColumns);
        }

        foreach (var (output, row) in outputs.OrderBy(pair => pair.Value))
        {
            canvas.Box(OutputX, Top(top, row), WideBox, RowHeight, "o", output.Length == 0 ? "(the whole answer)" : output, WideColumns);
        }

        return Top(top, Math.Max(columns.Count, Math.Max(operations.Count, outputs.Count)));
    }

    private static Dictionary<T, int> Rows<T>(IEnumerable<T> items)
        where T : notnull => items.Distinct().Select((item, row) => (item, row)).ToDictionary(pair => pair.item, pair => pair.row);

    private static int Top(int top, int row) => top + (row * (RowHeight + RowGap));

    private static int Middle(int top, int row) => Top(top, row) + (RowHeight / 2);

    // What reaches the whole answer is drawn broken: it decides which rows there are, not what is in a column.
    private static string LineStyle(string output) => output.Length == 0 ? "w" : "l";

    private static string ColumnOf(LineageEdge edge) => $"{edge.Dataset}.{edge.Column}";

    private static string InWords(LineageEdge edge) =>
        $"{ColumnOf(edge)} reaches {(edge.Output.Length == 0 ? "the whole answer" : $"the column {edge.Output}")} by {edge.Operation}";

    private static string InWords(VerdictDecision decision) => decision switch
    {
        VerdictDecision.Allow => "allowed",
        VerdictDecision.NeedsApproval => "allowed once all approvals are given",
        VerdictDecision.Refuse => "refused",
        _ => "unknown",
    };
}
