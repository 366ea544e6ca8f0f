using System.Text.Json.Nodes;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Cli.Commands.Query;

/// <summary>Approval rules for programs.</summary>
internal static class ApprovalRuleJson
{
    public static JsonNode Describe(ApprovalRuleState rule) => new JsonObject
    {
        ["rule"] = rule.Digest.ToString(),
        ["member"] = $"{rule.By.Collaborator}/{rule.By.Member}",
        ["sequence"] = rule.Sequence,
        ["revokedSequence"] = rule.RevokedSequence,
        ["document"] = JsonNode.Parse(DocumentCodec.Encode(rule.Rule)),
    };
}
