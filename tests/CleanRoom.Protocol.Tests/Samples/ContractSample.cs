using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Tests.Samples;

/// <summary>A contract of two hospitals that uses every member of the format at least once.</summary>
internal static class ContractSample
{
    public static Timestamp Start { get; } = Time("2026-01-31T08:00:00.000Z");

    public static Timestamp End { get; } = Time("2027-01-31T08:00:00.000Z");

    public static QueryTemplate Template { get; } = new()
    {
        Name = "mean_by_status",
        Description = "Mean value of one test by status.",
        Sql = "SELECT p.status, avg(t.value) AS mean FROM registry.people p JOIN laboratory.tests t ON t.id = p.id "
            + "WHERE t.test = $test AND t.days <= $days GROUP BY p.status",
        Parameters =
        [
            new TemplateParameter { Name = "test", Type = ColumnType.String, Values = ["hdl", "chol"] },
            new TemplateParameter { Name = "days", Type = ColumnType.Int32, Min = 0, Max = 3650, Step = 365 },
        ],
    };

    public static Contract Contract { get; } = new()
    {
        Id = "0123456789abcdef0123456789abcdef",
        Version = 2,
        Previous = Digest.Of("version 1"u8),
        Title = "Liver study — Bœuf \U0001F9EA",
        Purpose = "Does the mean of a test differ by status?\n",
        LegalTextSha256 = Digest.Of("legal text"u8),
        Collaborators =
        [
            new Collaborator { Id = "registry", Name = "Registry", RootKey = TestKeys.P256Public("registry root") },
            new Collaborator { Id = "laboratory", Name = "Laboratory", RootKey = TestKeys.P256Public("laboratory root") },
        ],
        Datasets = [People(), Tests()],
        Templates = [Template],
        Approval = new ApprovalRules
        {
            Contract = ContractApproval.All,
            Quorum = [new Quorum { Collaborator = "laboratory", Members = 2 }],
            Standing =
            [
                new StandingApproval
                {
                    Collaborator = "registry", TemplateDigest = DocumentCodec.DigestOf(Template), Analysts = ["laboratory"], MaxRuns = 3,
                },
            ],
        },
        Output = new OutputRules { Formats = [OutputFormat.Arrow, OutputFormat.Csv], MaxRows = 1000, RetentionDays = 30, AnswerEveryMs = null },
        Attestation = new AttestationPolicy
        {
            Accepted =
            [
                new ReferenceTuple
                {
                    Tee = "simulated",
                    Values = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("measurement", "00ff")]),
                    MinimumTcb = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("simulator", 1)]),
                    ChipIds = ["any"],
                    Anchors = [Digest.Of("anchor"u8)],
                    Debug = false,
                },
            ],
            CodeEndorsers = [TestKeys.P256Public("code endorser")],
        },
        Rollback = RollbackDefence.Witnesses,
        Recovery = new RecoveryRules { K = null },
        CarriesOver = [new CarriedDataset { Dataset = "registry.people", ManifestDigest = Digest.Of("manifest"u8) }],
        AllowInsecure = true,
        NotBefore = Start,
        Expires = End,
    };

    private static Dataset People() => new()
    {
        Name = "people",
        Owner = "registry",
        Schema = [Column("id", nullable: false, unique: true), Column("status", nullable: true, unique: false)],
        Policy = new DatasetPolicy
        {
            Unit = new PrivacyUnit { Column = "id", Domain = "person" },
            Tier = PolicyTier.Threshold,
            Columns = Columns(
                ("id", new ColumnPolicy { Type = ColumnType.Sha256, Uses = [ColumnUse.Join], Normalise = "email.basic.v1" }),
                ("status", new ColumnPolicy
                {
                    Type = ColumnType.String, Uses = [ColumnUse.Group], Domain = new ColumnDomain { Values = ["0", "1"] }, Public = true,
                })),
            Join = Join(required: ["analyst"], with: ["laboratory"], maxRowsPerUnit: 1),
            Threshold = new ThresholdRules { MinUnits = 25, DominancePercent = 10, History = HistoryRule.Enforce, MaxCells = 10_000 },
            Dp = null,
            Access = new AccessRules { QueriesPerDay = 10, QueriesLifetime = 100 },
            Receivers = ["registry", "laboratory"],
            Analysts = ["laboratory"],
            Approval = QueryApproval.Each,
        },
    };

    private static Dataset Tests() => new()
    {
        Name = "tests",
        Owner = "laboratory",
        Schema = [Column("id", nullable: false, unique: false), Column("value", nullable: false, unique: false)],
        Policy = new DatasetPolicy
        {
            Unit = new PrivacyUnit { Column = "id", Domain = "person" },
            Tier = PolicyTier.Dp,
            Columns = Columns(
                ("id", new ColumnPolicy { Type = ColumnType.Sha256, Uses = [ColumnUse.Join, ColumnUse.CountDistinct], Normalise = "email.basic.v1" }),
                ("value", new ColumnPolicy
                {
                    Type = ColumnType.Decimal,
                    Uses = [ColumnUse.Avg, ColumnUse.Sum, ColumnUse.Filter],
                    Domain = new ColumnDomain { Min = -0.5m, Max = 20000m, Step = 0.5m },
                    Grain = "0.5",
                    Clamp = new ClampBounds { Min = 0m, Max = 13682.00m },
                    Scale = 2,
                })),
            Join = Join(required: [], with: ["registry"], maxRowsPerUnit: 600),
            Threshold = new ThresholdRules { MinUnits = 10, DominancePercent = null, History = HistoryRule.Off, MaxCells = 1 },
            Dp = new DpRules
            {
                Epsilon = 1.0m, Delta = 0.000000001m, MaxEpsilonPerQuery = 0.25m, MaxGroupsPerUnit = 2, Refresh = BudgetRefresh.None,
            },
            Access = new AccessRules { QueriesPerDay = 1, QueriesLifetime = 1 },
            Receivers = ["laboratory"],
            Analysts = [],
            Approval = QueryApproval.Template,
        },
    };

    private static SchemaColumn Column(string name, bool nullable, bool unique) => new() { Name = name, Nullable = nullable, Unique = unique };

    private static ImmutableSortedDictionary<string, ColumnPolicy> Columns(params (string Name, ColumnPolicy Policy)[] columns) =>
        columns.ToImmutableSortedDictionary(column => column.Name, column => column.Policy, StringComparer.Ordinal);

    private static JoinRules Join(ImmutableArray<string> required, ImmutableArray<string> with, int maxRowsPerUnit) =>
        new() { Required = required, With = with, MaxRowsPerUnit = maxRowsPerUnit, MaxFanout = 600 };

    private static Timestamp Time(string text) => Timestamp.TryParse(text, out var time) ? time : throw new FormatException(text);
}
