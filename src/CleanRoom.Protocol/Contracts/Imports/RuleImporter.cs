using System.Text;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Imports;

/// <summary>Reads the rules of another clean room into the policy of a dataset, and says of each rule what became of it.</summary>
/// <remarks>
/// Types, domains, grains, clamps and scales stay those of the draft: no peer's rules have them. Where a peer lists columns, grants of the draft
/// are dropped first, so that nothing is allowed that neither the draft nor the peer's rules allow. Pure. Spec: contracts/spec/0003 s.7.
/// </remarks>
public static class RuleImporter
{
    /// <summary>The largest text that is read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Imports.</summary>
    /// <param name="format">Whose rules they are.</param>
    /// <param name="text">The rules in UTF-8. Trust: collaborator-controlled.</param>
    /// <param name="contract">The draft that the dataset is in.</param>
    /// <param name="dataset">The dataset that the rules are for.</param>
    /// <returns>The policy and the report, or <see cref="RefusalCode.JsonInvalid"/> or <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Result<RuleImport> Import(PeerFormat format, ReadOnlySpan<byte> text, Contract contract, Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(dataset);
        if (text.Length > MaxBytes)
        {
            return new Refusal(RefusalCode.DocumentTooLarge, $"at most {MaxBytes} bytes of rules", $"{text.Length} bytes");
        }

        var draft = new PolicyDraft(contract, dataset);
        if (format == PeerFormat.Scql)
        {
            return Utf8Text(text).Then(grants => ScqlRules.Read(grants, draft));
        }

        return PeerJson.Parse(text).Then(rules => format switch
        {
            PeerFormat.AwsCleanRooms => AwsRules.Read(rules, draft),
            PeerFormat.BigQuery => BigQueryRules.Read(rules, draft),
            _ => new Refusal(RefusalCode.DocumentInvalid, "rules of aws, bigquery or scql", $"{format}"),
        });
    }

    private static Result<string> Utf8Text(ReadOnlySpan<byte> text)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "text in UTF-8", "other bytes");
        }
    }
}
