using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Imports;

/// <summary>Whose rules are read.</summary>
public enum PeerFormat
{
    /// <summary>An analysis rule of AWS Clean Rooms, as JSON: aggregation, list or custom.</summary>
    AwsCleanRooms = 1,

    /// <summary>A privacy policy of a BigQuery view, as JSON.</summary>
    BigQuery = 2,

    /// <summary>The column control list of SCQL: GRANT statements.</summary>
    Scql = 3,
}

/// <summary>What became of one rule.</summary>
public enum ImportOutcome
{
    /// <summary>It holds here as it did there.</summary>
    Kept = 1,

    /// <summary>It holds here, and allows less than it did there.</summary>
    Stricter = 2,

    /// <summary>It has no counterpart here; what it allowed is not allowed.</summary>
    NotKept = 3,
}

/// <summary>What became of one rule, in a sentence.</summary>
/// <param name="Outcome">Kept, stricter or not kept.</param>
/// <param name="Rule">The rule as the peer writes it, short and plain.</param>
/// <param name="Words">What holds here instead, and why.</param>
public sealed record ImportNote(ImportOutcome Outcome, string Rule, string Words);

/// <summary>A dataset's policy after an import, and the report.</summary>
/// <param name="Policy">The policy. Nothing in it allows more than the peer's rule did.</param>
/// <param name="Notes">One note for each rule that was read, in its order.</param>
public sealed record RuleImport(DatasetPolicy Policy, ImmutableArray<ImportNote> Notes);
