using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Queries.Drawing;
using CleanRoom.Policy.Partitions;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Query;

/// <summary>Shows a verdict: as one line of JSON, or in words.</summary>
internal static class VerdictReport
{
    /// <summary>Returns the object that the command line binds.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="state">The codes that need the ledger; empty when none was read.</param>
    /// <param name="outlook">What is left of budgets of privacy after one run.</param>
    /// <param name="cost">What a run costs the machines; null when no ledger with all its data was read.</param>
    /// <param name="twin">An answer that is made up; null when none was asked for.</param>
    public static string Json(Verdict verdict, ImmutableArray<string> state, ImmutableArray<PrivacyOutlook> outlook, QueryCost? cost, JsonNode? twin)
    {
        using var document = JsonDocument.Parse(DocumentCodec.Encode(verdict));
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            Copy("verdict");
            Copy("codes");
            writer.WriteStartArray("state");
            foreach (var code in state)
            {
                writer.WriteStringValue(code);
            }

            writer.WriteEndArray();
            Copy("owners");
            Copy("lineage");
            Copy("budget");
            Copy("noise");
            writer.WriteStartArray("outlook");
            foreach (var left in outlook)
            {
                writer.WriteStartObject();
                writer.WriteString("dataset", left.Dataset);
                writer.WriteString("owner", left.Owner);
                writer.WriteBoolean("fits", left.Fits);
                writer.WriteNumber("furtherQueries", left.FurtherQueries);
                writer.WriteString("epsilonAfter", left.EpsilonAfter);
                writer.WriteString("epsilon", left.Epsilon);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WritePropertyName("cost");
            Write(writer, cost);
            Copy("inputs");
            Copy("approvers");
            writer.WriteString("verdictDigest", DocumentCodec.DigestOf(verdict).ToString());
            if (twin is not null)
            {
                writer.WritePropertyName("twin");
                twin.WriteTo(writer);
            }

            writer.WriteEndObject();

            void Copy(string name)
            {
                writer.WritePropertyName(name);
                document.RootElement.GetProperty(name).WriteTo(writer);
            }
        }

        return Encoding.UTF8.GetString(line.WrittenSpan);
    }

    /// <summary>Draws the verdict into a new file.</summary>
    /// <returns>Null, or why the file could not be written.</returns>
    public static Refusal? WriteDrawing(FileInfo file, Verdict verdict) => InputFiles.Write(file, Encoding.UTF8.GetBytes(VerdictDrawing.Draw(verdict)));

    /// <summary>Returns the verdict in words, line by line.</summary>
    public static IEnumerable<string> Words(
        string name, Verdict verdict, ImmutableArray<string> state, ImmutableArray<PrivacyOutlook> outlook, QueryCost? cost)
    {
        yield return $"{name}: {InWords(verdict.Decision)}";
        if (!state.IsEmpty)
        {
            yield return $"  at present it could not run: {string.Join(", ", state)}";
        }

        foreach (var owner in verdict.Owners)
        {
            foreach (var line in Owner(owner))
            {
                yield return "  " + line;
            }
        }

        if (verdict.Decision == VerdictDecision.Refuse)
        {
            yield break;
        }

        foreach (var input in verdict.Inputs)
        {
            yield return input switch
            {
                { MinUnits: 0 } => $"  reads {input.Dataset}: protects nobody from you",
                { Tier: PolicyTier.Dp } => $"  reads {input.Dataset}: noise hides whether any one person of it is there",
                { Tier: PolicyTier.List } =>
                    $"  reads {input.Dataset}: LISTS rows of its people whom you have too, if there are at least {input.MinUnits} of them",
                _ => $"  reads {input.Dataset}: each row of the answer stands for at least {input.MinUnits} different people of it",
            };
        }

        foreach (var edge in verdict.Lineage)
        {
            var into = edge.Output.Length == 0 ? "the whole answer" : $"the column {edge.Output}";
            yield return $"  {edge.Dataset}.{edge.Column} -> {edge.Operation} -> {into}";
        }

        foreach (var charge in verdict.Budget)
        {
            yield return $"  each run is charged to {charge.Owner} for {charge.Dataset}: {charge.Queries} of its queries";
        }

        foreach (var noise in verdict.Noise)
        {
            yield return $"  {noise.Aggregate} will be off by at most {noise.Within} in 19 of 20 answers{(noise.Rows is { } rows ? $", in a group of {rows} rows" : string.Empty)}";
        }

        foreach (var left in outlook)
        {
            yield return left.Fits
                ? $"  after one run epsilon {left.EpsilonAfter} of the {left.Epsilon} of {left.Dataset} is spent: this leaves {left.FurtherQueries} more like it"
                : $"  the budget of {left.Dataset} does not allow it: epsilon {left.EpsilonAfter} of {left.Epsilon} would be spent";
        }

        if (cost is not null)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  a run reads {cost.Rows:N0} rows in {cost.Partitions} partition{(cost.Partitions == 1 ? string.Empty : "s")}, decrypts about {cost.Bytes / 1e6:N1} MB, and takes about {cost.Time.TotalSeconds:N1} s on two processors");
        }
    }

    private static void Write(Utf8JsonWriter writer, QueryCost? cost)
    {
        if (cost is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("rows", cost.Rows);
        writer.WriteNumber("bytes", cost.Bytes);
        writer.WriteNumber("partitions", cost.Partitions);
        writer.WriteNumber("milliseconds", (long)cost.Time.TotalMilliseconds);
        writer.WriteEndObject();
    }

    private static IEnumerable<string> Owner(OwnerVerdict owner)
    {
        switch (owner.Decision)
        {
            case VerdictDecision.Refuse:
                break;
            case VerdictDecision.NeedsApproval:
                yield return $"{owner.Party}: its approval is needed";
                foreach (var rule in owner.Rules)
                {
                    yield return $"  {InWords(rule)}";
                }

                yield break;
            default:
                yield return $"{owner.Party}: its rules allow it";
                yield break;
        }

        yield return owner.Party == "room" ? "rules of the room, which no owner can change:" : $"rules of {owner.Party}:";
        foreach (var (code, reason) in owner.Codes.Zip(owner.Reasons))
        {
            yield return $"  {code}: {reason}";
        }

        foreach (var rule in owner.Rules)
        {
            yield return $"  {InWords(rule)}";
        }

        yield return $"  what would pass: {owner.SmallestChange}";
        foreach (var change in owner.Changes.Where(change => change.Pointer is not null))
        {
            yield return $"  or, for {change.Code}: {change.Text}";
        }
    }

    private static string InWords(OwnerRule rule) => rule.Value is null
        ? $"the contract has nothing at {rule.Pointer}"
        : $"the contract says at {rule.Pointer}: {rule.Value}";

    private static string InWords(VerdictDecision decision) => decision switch
    {
        VerdictDecision.Allow => "allowed",
        VerdictDecision.NeedsApproval => "allowed once all approvals are given",
        VerdictDecision.Refuse => "refused",
        _ => throw new ArgumentOutOfRangeException(nameof(decision)),
    };
}
