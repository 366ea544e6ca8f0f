using System.Globalization;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Client.Ledger;

/// <summary>A row of a verified ledger, as one sentence for people.</summary>
public static class RowWords
{
    /// <summary>Says what a row records, and who signed it.</summary>
    /// <param name="row">A row of the ledger that <paramref name="state"/> follows from.</param>
    /// <param name="state">The fold of the whole ledger. Names and reasons in it are collaborator-controlled text.</param>
    public static string Of(LedgerRow row, CollaborationState state)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(state);
        var by = SignerOf(row.Envelope, state);
        return DocumentCodec.ParsePayload(row.Envelope).TryGet(out var document, out _) ? Of(document, by) : $"{by} signed a receipt of an answer.";
    }

    /// <summary>Returns who signed: a member, a node, or a collaborator's root key.</summary>
    public static string SignerOf(Envelope envelope, CollaborationState state)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(state);
        var key = envelope.Signatures[0].KeyId;
        return state.Members.TryGetValue(key, out var member) ? member.Name
            : state.Nodes.ContainsKey(key) ? "The node"
            : "A root key";
    }

    private static string Of(Document document, string by) => document switch
    {
        Genesis => $"{by} made the room's keys and shows its evidence.",
        NodeAdmission => $"{by} was admitted.",
        Contract contract => string.Create(CultureInfo.InvariantCulture, $"{by} signed version {contract.Version} of the contract."),
        Delegation one => $"{one.Collaborator} delegated to {one.Collaborator}/{one.Member}: {string.Join(", ", one.Roles).ToLowerInvariant()}.",
        MemberRevocation one => $"{one.Collaborator} revoked {one.Collaborator}/{one.Member}: {one.Reason}",
        DatasetManifest one => string.Create(CultureInfo.InvariantCulture, $"{by} brought version {one.Version} of {one.Dataset}, {one.PlaintextBytes:N0} bytes, sealed."),
        KeyGrant one => $"{by} granted the room the key of {one.Dataset}.",
        IngestStatement { Accepted: true } one => string.Create(CultureInfo.InvariantCulture, $"{by} took in {one.Dataset}: {one.Rows:N0} rows."),
        IngestStatement one => $"{by} did not take in {one.Dataset}; its owner has the report.",
        Verdict one => $"{by} recorded a verdict on a text of {one.Analyst}: {Of(one.Decision)}.",
        Query one => $"{by} asked query {DocumentCodec.DigestOf(one).Abbreviated} on {string.Join(", ", one.Inputs.Select(input => input.Dataset))}.",
        Approval { Decision: ApprovalDecision.Approve } one => $"{by} approved query {one.Subject.Abbreviated}: {one.Reason}",
        Approval one => $"{by} refused query {one.Subject.Abbreviated}: {one.Reason}",
        ApprovalRule one => $"{by} approved queries to come, within limits: {one.Reason}",
        Charge one => $"{by} charged a run of query {one.QueryDigest.Abbreviated} to its owners' budgets.",
        RunResult one => $"{by} committed an answer to query {one.QueryDigest.Abbreviated}.",
        RunFailure one => $"{by} recorded that a run of query {one.QueryDigest.Abbreviated} failed, under the number {one.CorrelationId}.",
        Cancellation one => $"{by} stopped query {one.QueryDigest.Abbreviated}: {one.Reason}",
        Suspend one => $"{by} suspended everything: {one.Reason}",
        Resume => $"{by} voted to go on.",
        Terminate one => $"{by} voted to end the collaboration: {one.Reason}",
        CodeAdmission one => $"{by} brought an endorsement of other code: {Of(one)}",
        RecoveryShareSet one => string.Create(CultureInfo.InvariantCulture, $"{by} made {one.Shares.Length} recovery shares, any {one.K} of which restore the room's keys."),
        Recovery one => $"{by} restored the room's keys from the shares of {string.Join(", ", Releasers(one))}.",
        Revocation { Kind: RevocationKind.ApprovalRule } one => $"{by} took back an approval of queries to come: {one.Reason}",
        Revocation one => $"{by} took back {one.Kind.ToString().ToLowerInvariant()} {Short(one.Subject)}: {one.Reason}",
        _ => $"{by} signed a {DocumentCodec.TypeOf(document)}.",
    };

    private static string Of(CodeAdmission admission) => EndorsementVerifier.Parse(admission.Endorsement.Span).TryGet(out var read, out _)
        ? $"measurement {Short(read.Endorsement.Tuple.Values.GetValueOrDefault("measurement", "none"))} until {read.Endorsement.Expires}, {read.Endorsement.Reason}"
        : "of a form that is not known here"; // A verified ledger has none.

    private static string Short(string text) => text[..Math.Min(text.Length, 12)];

    private static IEnumerable<string> Releasers(Recovery recovery) => recovery.Releases.Select(release =>
        RecoveryStatements.Parse(release.Statement.Span).TryGet(out var parsed, out _) ? $"{parsed.Statement.Collaborator}/{parsed.Statement.Member}" : "nobody");

    private static string Of(VerdictDecision decision) => decision switch
    {
        VerdictDecision.Allow => "allowed",
        VerdictDecision.NeedsApproval => "allowed once approved",
        VerdictDecision.Refuse => "refused",
        _ => "unknown",
    };
}
