using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Queries;

/// <summary>What a member says of an approval rule; contract, checkpoint and nonce are the room's.</summary>
public sealed record ApprovalRuleTerms
{
    /// <inheritdoc cref="ApprovalRule.TemplateDigest"/>
    public required Digest? TemplateDigest { get; init; }

    /// <inheritdoc cref="ApprovalRule.Authors"/>
    public required ImmutableArray<string> Authors { get; init; }

    /// <inheritdoc cref="ApprovalRule.Receivers"/>
    public required ImmutableArray<string> Receivers { get; init; }

    /// <inheritdoc cref="ApprovalRule.Parameters"/>
    public required ImmutableSortedDictionary<string, ParameterLimit> Parameters { get; init; }

    /// <inheritdoc cref="ApprovalRule.Inputs"/>
    public required ImmutableArray<RuleInput> Inputs { get; init; }

    /// <inheritdoc cref="ApprovalRule.Verdict"/>
    public required VerdictLimit Verdict { get; init; }

    /// <inheritdoc cref="ApprovalRule.Conditions"/>
    public required ApprovalConditions Conditions { get; init; }

    /// <inheritdoc cref="ApprovalRule.Reason"/>
    public required string Reason { get; init; }
}
