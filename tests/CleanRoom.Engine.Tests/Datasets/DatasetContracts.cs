using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Engine.Tests.Datasets;

/// <summary>Builds the dataset part of a contract.</summary>
internal static class DatasetContracts
{
    /// <summary>A dataset whose first column is the unit, unless told otherwise.</summary>
    public static Dataset Of(params DatasetColumn[] columns) => Of(columns[0].Name, 600, columns);

    public static Dataset Of(string? unit, int maxRowsPerUnit, params DatasetColumn[] columns) => new()
    {
        Name = "data",
        Owner = "owner",
        Schema = [.. columns.Select(column => new SchemaColumn { Name = column.Name, Nullable = column.Nullable, Unique = column.Unique })],
        Policy = new DatasetPolicy
        {
            Unit = unit is null ? null : new PrivacyUnit { Column = unit, Domain = "person-v1" },
            Tier = PolicyTier.Threshold,
            Columns = columns.GroupBy(column => column.Name).ToImmutableSortedDictionary(same => same.Key, same => same.First().Policy()),
            Join = new JoinRules { Required = [], With = [], MaxRowsPerUnit = maxRowsPerUnit, MaxFanout = 1000 },
            Threshold = new ThresholdRules { MinUnits = 10, DominancePercent = null, History = HistoryRule.Enforce, MaxCells = 2000 },
            Dp = null,
            Access = new AccessRules { QueriesPerDay = 50, QueriesLifetime = 1000 },
            Receivers = [],
            Analysts = [],
            Approval = QueryApproval.None,
        },
    };
}

/// <summary>A column of the contract, as short as a test wants it.</summary>
internal sealed record DatasetColumn(string Name, ColumnType Type)
{
    public bool Nullable { get; init; } = true;

    public bool Unique { get; init; }

    public int? Scale { get; init; } = Type == ColumnType.Decimal ? 2 : null;

    public ClampBounds? Clamp { get; init; }

    public ColumnDomain? Domain { get; init; }

    public string? Normalise { get; init; }

    public ColumnPolicy Policy() =>
        new() { Type = Type, Uses = [], Scale = Scale, Clamp = Clamp, Domain = Domain, Normalise = Normalise };
}
